using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sextant.Training.Data;
using Sextant.Training.Numerics;

namespace Sextant.Training.FineTuning;

/// <summary>A user's pairs, read and split into training and validation sets.</summary>
internal sealed class FineTuningData
{
    private const int MaxValidationPairs = 1000;

    public required TextPool Texts { get; init; }

    /// <summary>One source for each file or sequence.</summary>
    public required List<PairSource> Sources { get; init; }

    public required IReadOnlyList<TrainingPair> Validation { get; init; }

    /// <summary>Pairs left out because their anchor is in the file to measure with.</summary>
    public int LeftOut { get; private init; }

    public int TrainingPairs => Sources.Sum(static source => source.Pairs.Count);

    /// <exception cref="InputException">A file or a pair is wrong, or there are too few.</exception>
    public static async Task<FineTuningData> LoadAsync(PairCollection pairs, FineTuningOptions options, CancellationToken cancellationToken)
    {
        var texts = new TextPool();
        var sources = new List<PairSource>();
        var validation = new List<TrainingPair>();
        foreach (PairRows rows in options.Validation?.Sources ?? [])
        {
            validation.AddRange(await ReadAsync(rows, texts, cancellationToken).ConfigureAwait(false));
        }

        HashSet<int> measured = [.. validation.Select(static pair => pair.Anchor)];
        int leftOut = 0;
        foreach (PairRows rows in pairs.Sources)
        {
            List<TrainingPair> read = await ReadAsync(rows, texts, cancellationToken).ConfigureAwait(false);
            leftOut += read.RemoveAll(pair => measured.Contains(pair.Anchor));
            if (read.Count < 2)
            {
                throw new InputException($"{rows.Name}: {read.Count} pairs to train on; give at least 2, and hundreds for a useful model");
            }

            int held = options.Validation is null ? HoldOut(read, options, sources.Count) : 0;
            validation.AddRange(read.Take(held));
            sources.Add(new PairSource(rows.Name, read[held..]));
        }

        return new FineTuningData
        {
            Texts = texts,
            Sources = sources,
            Validation = validation,
            LeftOut = leftOut,
        };
    }

    /// <summary>The negatives that the training pairs came with.</summary>
    public int GivenNegatives => Sources.Sum(static source => source.Pairs.Sum(static pair => pair.Negatives?.Length ?? 0));

    /// <summary>Names a model, the settings and every pair, in order.</summary>
    public string Fingerprint(string model, string settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{model}\n{settings}\n"));
        foreach (TrainingPair pair in Sources.SelectMany(static source => source.Pairs).Concat(Validation))
        {
            string negative = string.Join('\0', (pair.Negatives ?? []).Select(id => Texts.Texts[id]));
            hash.AppendData(
                Encoding.UTF8.GetBytes(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Texts.Texts[pair.Anchor]}\0{Texts.Texts[pair.Positive]}\0{negative}\0{pair.Score}\n"
                    )
                )
            );
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<List<TrainingPair>> ReadAsync(PairRows rows, TextPool texts, CancellationToken cancellationToken)
    {
        var pairs = new List<TrainingPair>();
        await foreach (PairRow row in rows.Read(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            pairs.Add(
                new TrainingPair(
                    texts.Add(row.Anchor),
                    texts.Add(row.Positive),
                    TrainingPair.AddNegatives(row, texts),
                    row.Score ?? float.NaN
                )
            );
        }

        return pairs;
    }

    /// <summary>Brings pairs to the front that share no anchor with those behind, so that nothing measured was seen.</summary>
    private static int HoldOut(List<TrainingPair> pairs, FineTuningOptions options, int file)
    {
        int wanted = (int)Math.Min(MaxValidationPairs, pairs.Count * options.ValidationFraction);
        var random = new SeededRandom(SeededRandom.Derive(options.Seed, 11, (ulong)file));
        int[] anchors = [.. pairs.Select(static pair => pair.Anchor).Distinct()];
        random.Shuffle(anchors.AsSpan());
        Dictionary<int, int> counts = pairs.CountBy(static pair => pair.Anchor).ToDictionary();
        var chosen = new HashSet<int>();
        int held = 0;
        foreach (int anchor in anchors)
        {
            if (held + counts[anchor] <= wanted)
            {
                chosen.Add(anchor);
                held += counts[anchor];
            }
        }

        TrainingPair[] ordered = [.. pairs.OrderBy(pair => chosen.Contains(pair.Anchor) ? 0 : 1)];
        ordered.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pairs));
        return held;
    }
}
