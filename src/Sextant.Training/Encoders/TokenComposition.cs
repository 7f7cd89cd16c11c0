namespace Sextant.Training.Encoders;

/// <summary>
/// The features whose sum is the vector of each token. While training, words that share a stem or a run of letters
/// share part of their vector, so that rare words learn from frequent ones (Bojanowski et al. 2017, arXiv:1607.04606).
/// A sum of rows is a row: at the end each token's sum is written out, and nothing of this is left to compute.
/// </summary>
internal sealed class TokenComposition
{
    private readonly int[] _offsets;
    private readonly int[] _features;

    private TokenComposition(int[] offsets, int[] features, int featureCount)
    {
        (_offsets, _features, FeatureCount) = (offsets, features, featureCount);
    }

    /// <summary>The number of tokens.</summary>
    public int TokenCount => _offsets.Length - 1;

    /// <summary>The number of features; the first <see cref="TokenCount"/> are the tokens themselves.</summary>
    public int FeatureCount { get; }

    /// <summary>The features of a token; the token itself comes first.</summary>
    public ReadOnlySpan<int> this[int token] => _features.AsSpan(_offsets[token].._offsets[token + 1]);

    /// <summary>Every token is its own and only feature, as in a model that is already trained.</summary>
    public static TokenComposition Identity(int tokens) =>
        new([.. Enumerable.Range(0, tokens + 1)], [.. Enumerable.Range(0, tokens)], tokens);

    /// <summary>
    /// Every token is itself and the features that <paramref name="describe"/> names; those of one token only are left out.
    /// </summary>
    /// <param name="tokens">The vocabulary.</param>
    /// <param name="describe">Names of a token's features.</param>
    public static TokenComposition FromFeatures(IReadOnlyList<string> tokens, Func<string, IEnumerable<string>> describe)
    {
        string[][] named = [.. tokens.AsParallel().AsOrdered().Select(token => describe(token).Distinct(StringComparer.Ordinal).ToArray())];
        var uses = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string feature in named.SelectMany(static names => names))
        {
            uses[feature] = uses.GetValueOrDefault(feature) + 1;
        }

        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] offsets = new int[tokens.Count + 1];
        var features = new List<int>(tokens.Count * 8);
        for (int token = 0; token < tokens.Count; token++)
        {
            features.Add(token);
            foreach (string feature in named[token].Where(feature => uses[feature] > 1))
            {
                if (!ids.TryGetValue(feature, out int id))
                {
                    ids.Add(feature, id = tokens.Count + ids.Count);
                }

                features.Add(id);
            }

            offsets[token + 1] = features.Count;
        }

        return new TokenComposition(offsets, [.. features], tokens.Count + ids.Count);
    }
}
