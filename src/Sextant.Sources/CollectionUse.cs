namespace Sextant.Sources;

/// <summary>
/// Marks a collection in the cache folder as in use. Users share the lock of a file next to the collection, and removal needs it
/// exclusively.
/// The operating system releases it when a process ends.
/// </summary>
internal static class CollectionUse
{
    public const string Suffix = ".lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Marks the collection in <paramref name="folder"/> as in use, after a removal in progress; disposing the result ends the use.
    /// <see langword="null"/> if another user's file prevents it.
    /// </summary>
    public static async Task<IDisposable?> BeginAsync(string folder, CancellationToken cancellationToken)
    {
        string path = folder + Suffix;
        while (true)
        {
            try
            {
                FileStream held = new(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read, bufferSize: 1);
                // A removal may have deleted the file between opening and locking it.
                if (File.Exists(path))
                {
                    MarkUsed(path);
                    return held;
                }

                await held.DisposeAsync().ConfigureAwait(false);
            }
            catch (UnauthorizedAccessException)
            {
                return null;
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// As <see cref="BeginAsync"/> where the cache cannot be written; <see langword="null"/> if the file does not exist or is locked.
    /// </summary>
    public static IDisposable? TryBeginReading(string folder)
    {
        try
        {
            return new FileStream(folder + Suffix, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// The right to remove the collection, or <see langword="null"/> while it is in use. Disposing the result deletes the lock file.
    /// </summary>
    public static IDisposable? TryEnd(string folder)
    {
        try
        {
            return new FileStream(
                folder + Suffix,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 1,
                FileOptions.DeleteOnClose
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>When the collection was last used; when it was last written, if that is unknown.</summary>
    public static DateTime LastUse(string folder)
    {
        string path = folder + Suffix;
        return File.Exists(path) ? File.GetLastWriteTimeUtc(path) : Directory.GetLastWriteTimeUtc(folder);
    }

    private static void MarkUsed(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's file: the order of pruning is less exact.
        }
    }
}
