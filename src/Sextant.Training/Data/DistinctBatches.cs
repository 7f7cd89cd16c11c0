namespace Sextant.Training.Data;

/// <summary>
/// Cuts shuffled pairs into batches in which no text occurs twice. A pair with a text that is already in the batch moves to the next one;
/// all other pairs keep the shuffled order.
/// </summary>
internal static class DistinctBatches
{
    /// <summary>
    /// The batches. Pairs that would stand alone, since all that is left shares a text with them, are put together at the end after all:
    /// the losses leave out what they know for no negative.
    /// </summary>
    public static IEnumerable<TrainingPair[]> Cut(IReadOnlyList<TrainingPair> pairs, int size)
    {
        var waiting = new Queue<TrainingPair>();
        var batch = new List<TrainingPair>(size);
        var texts = new HashSet<int>();
        var alone = new List<TrainingPair>();
        int next = 0;
        while (next < pairs.Count || waiting.Count > 0)
        {
            // Those that waited come first, each tried once for this batch.
            for (int tries = waiting.Count; tries > 0 && batch.Count < size; tries--)
            {
                Place(waiting.Dequeue());
            }

            while (next < pairs.Count && batch.Count < size)
            {
                Place(pairs[next++]);
            }

            if (batch.Count > 1)
            {
                yield return [.. batch];
            }
            else
            {
                alone.AddRange(batch);
            }

            batch.Clear();
            texts.Clear();
        }

        foreach (TrainingPair[] rest in alone.Chunk(size))
        {
            yield return rest;
        }

        void Place(TrainingPair pair)
        {
            // A text may be its own partner; it must not be another pair's.
            if (texts.Contains(pair.Anchor) || texts.Contains(pair.Positive))
            {
                waiting.Enqueue(pair);
                return;
            }

            texts.Add(pair.Anchor);
            texts.Add(pair.Positive);
            batch.Add(pair);
        }
    }
}
