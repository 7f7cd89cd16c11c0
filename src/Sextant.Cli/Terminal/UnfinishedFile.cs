namespace Sextant.Cli.Terminal;

/// <summary>A file that gets its name when it is whole. Errors name the file that was asked for, not the one that is written meanwhile.</summary>
internal sealed class UnfinishedFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private bool _complete;

    public UnfinishedFile(string path)
    {
        _path = Path.GetFullPath(path);
        _temporary = Path.Combine(Path.GetDirectoryName(_path)!, $".{Path.GetFileName(_path)}.{Guid.NewGuid():N}.tmp");
        Stream = Create(_temporary, _path);
    }

    /// <summary>Where its bytes go.</summary>
    public FileStream Stream { get; }

    /// <summary>Brings it to the disk and gives it its name.</summary>
    public async Task CompleteAsync()
    {
        Stream.Flush(flushToDisk: true);
        await Stream.DisposeAsync();
        Naming(_temporary, _path, () => File.Move(_temporary, _path, overwrite: true));
        _complete = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_complete)
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

    /// <summary>Makes the file that will be <paramref name="path"/> under another name.</summary>
    /// <exception cref="SextantException">It cannot be made.</exception>
    public static FileStream Create(string temporary, string path)
    {
        FileStream? stream = null;
        Naming(temporary, path, () => stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16));
        return stream!;
    }

    private static void Naming(string temporary, string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = e.Message.Replace(Path.GetFullPath(temporary), Path.GetFullPath(path), StringComparison.Ordinal);
            throw new SextantException($"{path} cannot be written: {reason}", e);
        }
    }
}
