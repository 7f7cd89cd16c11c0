using SkiaSharp;

namespace Sextant.Plotting.Labels;

/// <summary>
/// Places labels by simulated annealing, as D3-Labeler does (Wang et al. 2013), with a fixed seed. Labels that still cover a point, another
/// label or a leader line are then dropped, the least important first, and free places are offered to those that have none. So the
/// result has no overlap at all.
/// </summary>
internal sealed class LabelPlacement(LabelEnergy energy)
{
    private const int Seed = 3;
    private const int Sweeps = 60;
    private const float Hot = 12;
    private const float Cold = 0.05f;

    /// <param name="labels">The labels, the most important first.</param>
    /// <param name="first">How many of them take part from the beginning; the rest fill free places.</param>
    /// <param name="area">How much area the labels may occupy together.</param>
    /// <param name="farthest">The longest gap between a label and its point.</param>
    /// <returns>The labels that have a place, with their numbers in <paramref name="labels"/>.</returns>
    public List<(int Label, PlacedLabel Placed)> Place(IReadOnlyList<LabelRequest> labels, int first, float area, float farthest)
    {
        SKRect[] boxes = Anneal([.. labels.Take(first)], farthest);
        List<(int Label, PlacedLabel Placed)> placed = [];
        for (int i = 0; i < boxes.Length && area > 0; i++)
            Keep(i, boxes[i]);
        for (int i = 0; i < labels.Count && area > 0; i++)
        {
            if (!placed.Exists(one => one.Label == i) && FindFree(labels[i], placed, farthest) is { } box)
                Keep(i, box);
        }

        return placed;

        void Keep(int label, SKRect box)
        {
            if (!IsFree(labels[label].Point, box, placed))
                return;
            placed.Add((label, new(labels[label], box, energy.Gap(box, labels[label].Point))));
            area -= box.Width * box.Height;
        }
    }

    private SKRect[] Anneal(LabelRequest[] labels, float farthest)
    {
        Random random = new(Seed);
        SKRect[] boxes = new SKRect[labels.Length];
        float[] costs = new float[labels.Length];
        for (int i = 0; i < labels.Length; i++)
            (boxes[i], costs[i]) = Best(labels, boxes, i, farthest);
        int steps = Sweeps * labels.Length;
        for (int step = 0; step < steps; step++)
        {
            float temperature = Hot * MathF.Pow(Cold / Hot, step / (float)steps);
            int label = random.Next(labels.Length);
            (SKRect box, float preference) = Propose(random, labels[label], boxes[label], farthest);
            if (!energy.IsInside(box))
                continue;
            float now = Cost(labels, boxes, label, boxes[label], labels.Length) + costs[label],
                then = Cost(labels, boxes, label, box, labels.Length) + preference;
            if (then <= now || random.NextDouble() < Math.Exp((now - then) / temperature))
                (boxes[label], costs[label]) = (box, preference);
        }

        return boxes;
    }

    private (SKRect Box, float Preference) Propose(Random random, LabelRequest label, SKRect current, float farthest)
    {
        if (random.Next(4) == 0)
        {
            SKRect moved = current;
            moved.Offset((random.NextSingle() - 0.5f) * 16, (random.NextSingle() - 0.5f) * 10);
            if (energy.Gap(moved, label.Point) <= farthest)
                return (moved, 0.5f);
        }

        ReadOnlySpan<float> gaps = LabelCandidates.GapsUpTo(farthest);
        // The product of two draws prefers small gaps.
        int gap = (int)(random.NextSingle() * random.NextSingle() * gaps.Length),
            direction = random.Next(LabelCandidates.Directions);
        return (LabelCandidates.At(label.Point, label.Size, direction, energy.Radius + 1.5f + gaps[gap]), LabelCandidates.Cost(direction));
    }

    /// <summary>The cheapest place for a label, given those before it.</summary>
    private (SKRect Box, float Preference) Best(LabelRequest[] labels, SKRect[] boxes, int label, float farthest)
    {
        (SKRect Box, float Preference) best = (Anywhere(labels[label]), 1);
        float least = float.PositiveInfinity;
        foreach (float gap in LabelCandidates.GapsUpTo(farthest))
        {
            for (int direction = 0; direction < LabelCandidates.Directions; direction++)
            {
                SKRect box = LabelCandidates.At(labels[label].Point, labels[label].Size, direction, energy.Radius + 1.5f + gap);
                if (!energy.IsInside(box))
                    continue;
                float cost = Cost(labels, boxes, label, box, label) + LabelCandidates.Cost(direction);
                if (cost < least)
                    (best, least) = ((box, LabelCandidates.Cost(direction)), cost);
            }
        }

        return best;
    }

    private SKRect Anywhere(LabelRequest label) => LabelCandidates.At(label.Point, label.Size, 0, energy.Radius);

    private float Cost(LabelRequest[] labels, SKRect[] boxes, int label, SKRect box, int others)
    {
        float cost = energy.Alone(box, labels[label].Point);
        for (int other = 0; other < others; other++)
        {
            if (other != label)
                cost += energy.Between(box, labels[label].Point, boxes[other], labels[other].Point);
        }

        return cost;
    }

    private SKRect? FindFree(LabelRequest label, List<(int Label, PlacedLabel Placed)> placed, float farthest)
    {
        foreach (float gap in LabelCandidates.GapsUpTo(farthest))
        {
            foreach (int direction in Enumerable.Range(0, LabelCandidates.Directions).OrderBy(LabelCandidates.Cost))
            {
                SKRect box = LabelCandidates.At(label.Point, label.Size, direction, energy.Radius + 1.5f + gap);
                if (IsFree(label.Point, box, placed))
                    return box;
            }
        }

        return null;
    }

    private bool IsFree(SKPoint point, SKRect box, List<(int Label, PlacedLabel Placed)> placed) =>
        energy.IsInside(box)
        && !energy.CoversPoint(box)
        && !placed.Exists(other => energy.Conflict(box, point, other.Placed.Box, other.Placed.Request.Point));
}
