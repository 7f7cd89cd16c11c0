namespace Sextant.Benchmarks.Ann;

/// <summary>Speed at a recall that was not measured itself: log QPS, interpolated between the measurements on either side.</summary>
internal static class EqualRecall
{
    /// <returns><see langword="null"/> if the recall is outside the measured range.</returns>
    public static double? Qps(IEnumerable<(double Recall, double Qps)> points, double recall)
    {
        // Of two points, one that is both slower and worse says nothing of what the system can do.
        (double Recall, double Qps)[] all = [.. points.OrderBy(p => p.Recall)];
        all = [.. all.Where(p => !all.Any(q => q.Recall >= p.Recall && q.Qps > p.Qps))];
        if (all.Length == 0 || all[^1].Recall < recall)
            return null;
        int above = Array.FindIndex(all, p => p.Recall >= recall);
        // The fastest setting is already better than asked for: it is at least that fast.
        if (above == 0)
            return all[0].Qps;
        double share = (recall - all[above - 1].Recall) / (all[above].Recall - all[above - 1].Recall);
        return Math.Exp(((1 - share) * Math.Log(all[above - 1].Qps)) + (share * Math.Log(all[above].Qps)));
    }
}
