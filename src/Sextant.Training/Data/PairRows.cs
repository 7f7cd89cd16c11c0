using System.Runtime.CompilerServices;

namespace Sextant.Training.Data;

/// <summary>The rows of one file or of one sequence in memory.</summary>
/// <param name="Name">For messages and the card.</param>
/// <param name="Read">Reads the rows; each call starts over.</param>
internal sealed record PairRows(string Name, Func<CancellationToken, IAsyncEnumerable<PairRow>> Read)
{
    public static PairRows FromFile(string path) => new(path, _ => PairReader.Read(path).ToAsyncEnumerable());

    public static PairRows Create(IAsyncEnumerable<TextPair> pairs, string name) => new(name, token => CheckAsync(pairs, name, token));

    private static async IAsyncEnumerable<PairRow> CheckAsync(
        IAsyncEnumerable<TextPair> pairs,
        string name,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        int number = 0;
        await foreach (TextPair pair in pairs.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            number++;
            if (pair is null || string.IsNullOrWhiteSpace(pair.Anchor) || string.IsNullOrWhiteSpace(pair.Positive))
            {
                throw new InputException($"{name}: pair {number} has no text");
            }

            if (pair.Score is { } score && !float.IsFinite(score))
            {
                throw new InputException($"{name}: the score of pair {number} is not a finite number");
            }

            yield return new PairRow(
                pair.Anchor,
                pair.Positive,
                [.. pair.Negatives.Where(static text => !string.IsNullOrWhiteSpace(text))],
                pair.Score,
                number
            );
        }
    }
}
