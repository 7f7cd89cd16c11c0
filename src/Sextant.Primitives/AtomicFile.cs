namespace Sextant;

/// <summary>
/// A file that is written completely or not at all, even across crashes: it is written in the same folder under a temporary name, and gets
/// its final name only when it is complete. Until then an existing file is unchanged.
/// </summary>
/// <remarks>Errors name the requested file, not the temporary one.</remarks>
public sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private FileStream? _stream;
    private bool _isComplete;

    private AtomicFile(string path)
    {
        _path = Path.GetFullPath(path);
        TemporaryPath = Path.Combine(Path.GetDirectoryName(_path)!, $".{Path.GetFileName(_path)}.{Guid.NewGuid():N}.tmp");
    }

    /// <summary>Where its bytes go; positioned at the beginning, can seek.</summary>
    public Stream Stream => _stream ?? throw new InvalidOperationException("The file is complete, or it is not written as a stream.");

    /// <summary>The name until it is complete. A folder may be made there as well.</summary>
    internal string TemporaryPath { get; }

    /// <summary>Begins a file.</summary>
    /// <exception cref="IOException">The folder does not exist, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static AtomicFile Create(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile file = new(path);
        file.Naming(() =>
            file._stream = new FileStream(file.TemporaryPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16)
        );
        return file;
    }

    /// <summary>Writes a whole file.</summary>
    /// <param name="path">The file; its folder is made where it is not there.</param>
    /// <param name="write">Writes its bytes. When it throws, nothing has happened.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        MakeFolder(path);
        using AtomicFile file = Create(path);
        file.Naming(() => write(file.Stream));
        file.Complete();
    }

    /// <inheritdoc cref="Write"/>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        MakeFolder(path);
        using AtomicFile file = Create(path);
        try
        {
            await write(file.Stream).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (file.Named(e) is { } named)
                throw named;
            throw;
        }

        file.Complete();
    }

    /// <summary>
    /// Creates a file, a link or a folder that is not written as a stream, such as a database, and then renames it to its final name.
    /// </summary>
    /// <param name="path">Its path; the parent folder is created if missing.</param>
    /// <param name="create">Creates it at the given temporary path. If it throws, nothing is changed.</param>
    /// <param name="overwrite">Whether it may replace a file.</param>
    /// <exception cref="IOException">
    /// It cannot be written, or it exists and <paramref name="overwrite"/> is <see langword="false"/>.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void CreateEntry(string path, Action<string> create, bool overwrite = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(create);
        MakeFolder(path);
        using AtomicFile file = new(path);
        file.Naming(() => create(file.TemporaryPath));
        file.Complete(overwrite);
    }

    /// <summary>Flushes it to disk and renames it to its final name.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Complete() => Complete(overwrite: true);

    /// <summary>Removes an incomplete file.</summary>
    public void Dispose()
    {
        if (_isComplete)
            return;
        try
        {
            _stream?.Dispose();
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException)
        {
            // A full disk also rejects the remaining buffer, and a file size limit causes an argument exception; both were already
            // reported.
        }

        if (Directory.Exists(TemporaryPath))
        {
            Directory.Delete(TemporaryPath, recursive: true);
            return;
        }

        // SQLite keeps additional files next to a database.
        foreach (string ending in (string[])["", "-wal", "-shm", "-journal"])
            File.Delete(TemporaryPath + ending);
    }

    private static void MakeFolder(string path) => Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

    private void Complete(bool overwrite)
    {
        Naming(() =>
        {
            _stream?.Flush(flushToDisk: true);
            _stream?.Dispose();
            if (Directory.Exists(TemporaryPath))
                Directory.Move(TemporaryPath, _path);
            else
                File.Move(TemporaryPath, _path, overwrite);
        });
        _stream = null;
        _isComplete = true;
    }

    private void Naming(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e)
        {
            if (Named(e) is { } named)
                throw named;
            throw;
        }
    }

    private Exception? Named(Exception failure)
    {
        if (
            failure is not (IOException or UnauthorizedAccessException)
            || !failure.Message.Contains(TemporaryPath, StringComparison.Ordinal)
        )
        {
            return null;
        }

        string message = $"{_path} cannot be written: {failure.Message.Replace(TemporaryPath, _path, StringComparison.Ordinal)}";
        return failure is IOException
            ? new IOException(message, failure) { HResult = failure.HResult }
            : new UnauthorizedAccessException(message, failure);
    }
}
