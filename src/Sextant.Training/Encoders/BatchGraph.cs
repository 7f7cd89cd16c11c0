using System.Numerics.Tensors;
using Sextant.Models.Static;
using Sextant.Training.Numerics;

namespace Sextant.Training.Encoders;

/// <summary>
/// Which features make which tokens make which texts of one batch, with what dropout left of it. Every token is composed
/// once however often it occurs; the links are kept in both directions, so that a gradient is gathered by the row that
/// receives it, in a fixed order, and needs no lock.
/// </summary>
internal sealed class BatchGraph
{
    private BatchGraph(Links textTokens, Links tokenFeatures, int[] features)
    {
        (TextTokens, TokenFeatures, Features) = (textTokens, tokenFeatures, features);
        TokenTexts = textTokens.Reverse(tokenFeatures.Count);
        FeatureTokens = tokenFeatures.Reverse(features.Length);
        Divisors = new float[textTokens.Count];
        for (int text = 0; text < Divisors.Length; text++)
        {
            // An empty text has no weights; its zero vector must stay zero.
            Divisors[text] = textTokens.Weights(text) is { IsEmpty: false } weights ? TensorPrimitives.Sum(weights) : 1;
        }
    }

    /// <summary>The sum of the token weights of each text, which turns a weighted sum of token vectors into their mean.</summary>
    public float[] Divisors { get; }

    /// <summary>The distinct tokens of each text, by their place in this batch; repeated where they occur twice.</summary>
    public Links TextTokens { get; }

    public Links TokenTexts { get; }

    /// <summary>The features of each token, by their place in <see cref="Features"/>.</summary>
    public Links TokenFeatures { get; }

    public Links FeatureTokens { get; }

    /// <summary>The table's row of each feature used.</summary>
    public int[] Features { get; }

    /// <param name="batch">The texts.</param>
    /// <param name="composition">The features of every token.</param>
    /// <param name="tokenDropout">The chance that one occurrence of a token is left out.</param>
    /// <param name="featureDropout">The chance that a token goes without one of its features in this batch.</param>
    /// <param name="positionScale">How tokens are weighted by position; <see langword="null"/> where all count the same.</param>
    /// <param name="random">Decides both.</param>
    public static BatchGraph Create(
        TokenBatch batch,
        TokenComposition composition,
        float tokenDropout,
        float featureDropout,
        float? positionScale,
        SeededRandom random
    )
    {
        var tokens = new Places();
        var textTokens = new Links(weighted: true);
        for (int text = 0; text < batch.Count; text++)
        {
            ReadOnlySpan<int> ids = batch[text];
            // A text keeps at least one token: a zero vector teaches nothing.
            int kept = ids.Length == 0 ? -1 : random.Next(ids.Length);
            for (int i = 0; i < ids.Length; i++)
            {
                if (i == kept || tokenDropout == 0 || random.NextSingle() >= tokenDropout)
                {
                    textTokens.Add(tokens.Of(ids[i]), PositionWeights.GetWeight(i, positionScale));
                }
            }

            textTokens.EndRow();
        }

        var features = new Places();
        var tokenFeatures = new Links();
        foreach (int token in tokens.Keys)
        {
            ReadOnlySpan<int> own = composition[token];
            int kept = random.Next(own.Length);
            for (int i = 0; i < own.Length; i++)
            {
                if (i == kept || featureDropout == 0 || random.NextSingle() >= featureDropout)
                {
                    tokenFeatures.Add(features.Of(own[i]));
                }
            }

            tokenFeatures.EndRow();
        }

        return new BatchGraph(textTokens, tokenFeatures, [.. features.Keys]);
    }

    /// <summary>Numbers things in the order in which they are first seen.</summary>
    private sealed class Places
    {
        private readonly Dictionary<int, int> _places = [];

        public List<int> Keys { get; } = [];

        public int Of(int key)
        {
            if (!_places.TryGetValue(key, out int place))
            {
                _places.Add(key, place = Keys.Count);
                Keys.Add(key);
            }

            return place;
        }
    }
}
