using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Graph;

namespace Sextant.Search.Storage.Local;

internal sealed partial class LocalCollection
{
    /// <summary>Measures the recall of the graph with its current search settings.</summary>
    public override Task<RecallReport> MeasureRecallAsync(int k, int samples, CancellationToken cancellationToken) =>
        WhileStillAsync(
            (reader, index) =>
            {
                RecallSample sample = RecallSample.Take(reader, index, k, samples, cancellationToken);
                return Report(sample, index, k, index.EfSearch, cancellationToken);
            },
            cancellationToken
        );

    /// <summary>Finds the least number of candidates that gives this recall, and has all searches keep as many from now on.</summary>
    public override Task<RecallReport> TuneEfSearchAsync(double target, int k, int samples, CancellationToken cancellationToken) =>
        WriteAsync(
            writer =>
                Read(reader =>
                {
                    RecallSample sample = RecallSample.Take(reader, _index, k, samples, cancellationToken);
                    if (sample.Count == 0)
                        throw new InputException($"{Name} has too few documents to measure recall");
                    LeastSearch search = new(Math.Max(LeastSearch.LeastEf, k), Index.HnswOptions.MaxEf);
                    while (search.Next is { } width)
                        search.Report(width, sample.Measure(_index, width, cancellationToken).Share >= target);
                    int ef = search.Result;
                    Manifest tuned = Manifest with { Index = Manifest.Index with { EfSearch = ef } };
                    tuned.WriteIndex(writer.Connection);
                    _index.Use(tuned);
                    return Report(sample, _index, k, ef, cancellationToken);
                }),
            cancellationToken
        );

    /// <summary>Repairs the graph: links unreachable vectors, and rebuilds the graph if that is not enough.</summary>
    /// <returns>One sentence per repair; empty if the graph needed none.</returns>
    public override Task<IReadOnlyList<string>> RepairAsync(CancellationToken cancellationToken) =>
        WriteAsync<IReadOnlyList<string>>(
            writer =>
                Read(reader =>
                {
                    List<string> done = [];
                    long documents = reader.Count();
                    if (_index.Count == documents && _index.Relink() is > 0 and int relinked)
                        done.Add(FormattableString.Invariant($"{relinked} unreachable vectors were relinked"));
                    if (WhyRebuild(reader, documents, cancellationToken) is { } reason)
                    {
                        _index.Rebuild(reader, cancellationToken);
                        done.Add(FormattableString.Invariant($"the graph was rebuilt from {documents} vectors, because {reason}"));
                    }

                    if (done.Count > 0)
                        _index.Save(writer);
                    return done;
                }),
            cancellationToken
        );

    private string? WhyRebuild(DocumentReader reader, long documents, CancellationToken cancellationToken)
    {
        if (_index.Count != documents)
            return FormattableString.Invariant($"it had {_index.Count} of {documents}");
        if (_index.Loaded > 0 && Index.HnswIndex.FindDamage(_files.Index, cancellationToken) is { } damage)
            return $"its file is damaged: {damage}";
        if (_index.Inspect().Unreachable > 0)
            return "some of them were still unreachable";
        RecallSample sample = RecallSample.Take(
            reader,
            _index,
            CollectionVerifier.RecallDepth,
            CollectionVerifier.SampleSize,
            cancellationToken
        );
        return sample.Count > 0 && sample.Measure(_index, _index.EfSearch, cancellationToken).Share < CollectionVerifier.LowestRecall
            ? "its recall was too low"
            : null;
    }

    private static RecallReport Report(RecallSample sample, LiveIndex index, int k, int ef, CancellationToken cancellationToken)
    {
        Index.GraphHealth health = index.Inspect();
        if (sample.Count == 0)
            return new(0, k, ef, 1, 0, 1, health.Unreachable, health.Degrees);
        RecallEstimate found = sample.Measure(index, ef, cancellationToken);
        (double low, double high) = found.Interval();
        return new(sample.Count, k, ef, found.Share, low, high, health.Unreachable, health.Degrees);
    }
}
