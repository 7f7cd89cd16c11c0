using Sextant.Training.Numerics;

namespace Sextant.Training.Data;

/// <summary>
/// The batches of one epoch: each source is shuffled and cut into separate batches, then all batches are put in random order. An epoch
/// depends only on the seed and its number, so a run can resume in the middle.
/// </summary>
/// <param name="sources">The sources of pairs.</param>
/// <param name="batchSize">The approximate number of pairs per batch.</param>
/// <param name="seed">Determines the order.</param>
/// <param name="distinct">Whether texts must be unique within a batch, so that no text is a negative of itself.</param>
internal sealed class BatchSampler(IReadOnlyList<PairSource> sources, int batchSize, ulong seed, bool distinct = false)
{
    /// <summary>About how many batches a pass has.</summary>
    public int BatchesPerPass => Pass(0).Count;

    /// <summary>The batches of a pass, each from one source.</summary>
    public IReadOnlyList<TrainingPair[]> Pass(int pass)
    {
        var batches = new List<TrainingPair[]>();
        for (int i = 0; i < sources.Count; i++)
        {
            var random = new SeededRandom(SeededRandom.Derive(seed, (ulong)pass + 1, (ulong)i + 1));
            TrainingPair[] pairs = Draw(sources[i], random);
            int size = sources[i].Batch ?? batchSize;
            if (distinct)
            {
                batches.AddRange(DistinctBatches.Cut(pairs, size));
                continue;
            }

            // A last batch too small to hold useful negatives joins the one before it.
            int count = Math.Max(1, (int)Math.Round(pairs.Length / (double)size));
            for (int batch = 0; batch < count && pairs.Length > 1; batch++)
            {
                int start = (int)((long)pairs.Length * batch / count),
                    end = (int)((long)pairs.Length * (batch + 1) / count);
                batches.Add(pairs[start..end]);
            }
        }

        var order = new SeededRandom(SeededRandom.Derive(seed, (ulong)pass + 1));
        order.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batches));
        return batches;
    }

    private static TrainingPair[] Draw(PairSource source, SeededRandom random)
    {
        var drawn = new List<TrainingPair>();
        TrainingPair[] pairs = [.. source.Pairs];
        for (double left = source.Weight; left > 0; left--)
        {
            random.Shuffle(pairs.AsSpan());
            drawn.AddRange(pairs.AsSpan(0, (int)Math.Round(pairs.Length * Math.Min(1, left))));
        }

        return [.. drawn];
    }
}
