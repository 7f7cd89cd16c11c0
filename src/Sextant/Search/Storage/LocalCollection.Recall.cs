namespace Sextant.Search.Storage;

internal sealed partial class LocalCollection
{
    private const int LeastEf = 8;

    /// <summary>Measures how much of the truth the graph finds as it is searched now.</summary>
    public Task<RecallReport> MeasureRecallAsync(int k, int samples, CancellationToken cancellationToken) => WhileStillAsync((reader, index) =>
    {
        RecallSample sample = RecallSample.Take(reader, index, k, samples, cancellationToken);
        return Report(sample, index, k, index.EfSearch, cancellationToken);
    }, cancellationToken);

    /// <summary>Finds the least number of candidates that gives this recall, and has all searches keep as many from now on.</summary>
    public Task<RecallReport> TuneAsync(double target, int k, int samples, CancellationToken cancellationToken) => WriteAsync(writer => Read(reader =>
    {
        RecallSample sample = RecallSample.Take(reader, _index, k, samples, cancellationToken);
        if (sample.Count == 0) throw new InputException($"{Name} holds too little to measure how much a search finds");
        int ef = Least(Math.Max(LeastEf, k), ef => sample.Measure(_index, ef, cancellationToken).Share >= target);
        Manifest tuned = Manifest with { Index = Manifest.Index with { EfSearch = ef } };
        tuned.WriteIndex(writer.Connection);
        _index.Use(tuned);
        return Report(sample, _index, k, ef, cancellationToken);
    }), cancellationToken);

    /// <summary>Mends the graph: links what cannot be reached, and builds it anew where that is not enough.</summary>
    /// <returns>What was done, a sentence each; empty when nothing was to be done.</returns>
    public Task<IReadOnlyList<string>> RepairAsync(CancellationToken cancellationToken) => WriteAsync<IReadOnlyList<string>>(writer => Read(reader =>
    {
        List<string> done = [];
        long documents = reader.Count();
        if (_index.Count == documents && _index.Relink() is > 0 and int relinked)
            done.Add(FormattableString.Invariant($"{relinked} vectors that could not be reached were linked again"));
        if (WhyRebuild(reader, documents, cancellationToken) is { } reason)
        {
            _index.Rebuild(reader, cancellationToken);
            done.Add(FormattableString.Invariant($"the graph was built again from {documents} vectors, because {reason}"));
        }

        if (done.Count > 0) _index.Save(writer);
        return done;
    }), cancellationToken);

    private string? WhyRebuild(DocumentReader reader, long documents, CancellationToken cancellationToken)
    {
        if (_index.Count != documents) return FormattableString.Invariant($"it held {_index.Count} of {documents}");
        if (_index.Loaded > 0 && Index.HnswIndex.FindDamage(_files.Index, cancellationToken) is { } damage) return $"its file is damaged: {damage}";
        if (_index.Inspect().Unreachable > 0) return "some of them could still not be reached";
        RecallSample sample = RecallSample.Take(reader, _index, CollectionVerifier.RecallDepth, CollectionVerifier.SampleSize, cancellationToken);
        return sample.Count > 0 && sample.Measure(_index, _index.EfSearch, cancellationToken).Share < CollectionVerifier.LowestRecall
            ? "it found too little"
            : null;
    }

    private static RecallReport Report(RecallSample sample, LiveIndex index, int k, int ef, CancellationToken cancellationToken)
    {
        Index.GraphHealth health = index.Inspect();
        if (sample.Count == 0) return new(0, k, ef, 1, 0, 1, health.Unreachable, health.Degrees);
        RecallSample.Found found = sample.Measure(index, ef, cancellationToken);
        (double low, double high) = found.Interval();
        return new(sample.Count, k, ef, found.Share, low, high, health.Unreachable, health.Degrees);
    }

    // More candidates never find less, but for chance: doubled until there are enough, then halved into.
    private static int Least(int least, Func<int, bool> isEnough)
    {
        int enough = least;
        while (!isEnough(enough) && enough < Index.HnswOptions.MaxEf / 2) enough *= 2;
        int tooFew = enough == least ? least - 1 : enough / 2;
        while (enough - tooFew > 1)
        {
            int middle = (enough + tooFew) / 2;
            if (isEnough(middle)) enough = middle;
            else tooFew = middle;
        }

        return enough;
    }
}
