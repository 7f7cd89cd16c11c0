namespace Sextant.Cli.Vectors;

/// <summary>
/// Takes texts with their vectors and writes them in one format, to a file that appears only when it is whole, or to standard output.
/// </summary>
internal abstract class VectorSink : IDisposable
{
    private readonly AtomicFile? _file;

    private protected VectorSink(string? path, Stream standardOutput)
    {
        _file = path is null ? null : AtomicFile.Create(path);
        Stream = _file?.Stream ?? standardOutput;
    }

    /// <summary>The output stream.</summary>
    protected Stream Stream { get; }

    /// <summary>Opens the sink for <paramref name="format"/>; a <paramref name="path"/> of null is standard output.</summary>
    public static VectorSink Open(VectorFormat format, string? path, Stream standardOutput) =>
        format switch
        {
            VectorFormat.Csv => new CsvVectorSink(path, standardOutput),
            VectorFormat.Npy => new NpyVectorSink(path, standardOutput),
            VectorFormat.Parquet => new ParquetVectorSink(path, standardOutput),
            _ => new JsonLinesVectorSink(path, standardOutput),
        };

    /// <summary>Writes one text and its vector.</summary>
    public abstract ValueTask WriteAsync(string text, ReadOnlyMemory<float> vector, CancellationToken cancellationToken);

    /// <summary>Ends the output and gives the file its name.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await FinishAsync(cancellationToken);
        _file?.Complete();
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Writes what only the end knows.</summary>
    protected virtual Task FinishAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
