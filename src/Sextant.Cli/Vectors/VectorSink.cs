namespace Sextant.Cli.Vectors;

/// <summary>
/// Takes texts with their vectors and writes them in one format, to a file that appears only when it is whole, or to standard output.
/// </summary>
internal abstract class VectorSink : IAsyncDisposable
{
    private readonly string? _path;
    private readonly string? _temporary;
    private bool _complete;

    private protected VectorSink(string? path, Stream standardOutput)
    {
        _path = path;
        if (path is null)
        {
            Stream = standardOutput;
            return;
        }
        _temporary = $"{path}.{Environment.ProcessId}.tmp";
        Stream = Terminal.UnfinishedFile.Create(_temporary, path);
    }

    /// <summary>Where bytes go.</summary>
    protected Stream Stream { get; }

    /// <summary>Opens the sink for <paramref name="format"/>; a <paramref name="path"/> of null is standard output.</summary>
    public static VectorSink Open(VectorFormat format, string? path, Stream standardOutput) => format switch
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
        if (Stream is FileStream file && _temporary is not null)
        {
            file.Flush(flushToDisk: true);
            await file.DisposeAsync();
            File.Move(_temporary, _path!, overwrite: true);
        }
        _complete = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_complete || _temporary is null)
            return;
        try
        {
            await Stream.DisposeAsync();
        }
        catch (IOException)
        {
            // A disk that is full refuses what is still buffered too, and that was reported.
        }
        finally
        {
            File.Delete(_temporary);
        }
    }

    /// <summary>Writes what only the end knows.</summary>
    protected virtual Task FinishAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
