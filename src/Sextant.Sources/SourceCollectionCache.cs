namespace Sextant.Sources;

/// <summary>
/// The collections that <see cref="SourceCollection"/> keeps in the cache folder, one for each source, model and set of options. They can
/// be removed at any time: the next search indexes the source again.
/// </summary>
public sealed class SourceCollectionCache
{
    private const string Deleted = ".deleted";

    /// <summary>Creates a view of a cache folder, which need not exist.</summary>
    /// <param name="directory">The cache folder; <see cref="SextantPaths.CacheDirectory"/> when <see langword="null"/>.</param>
    public SourceCollectionCache(string? directory = null) =>
        Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(directory ?? SextantPaths.CacheDirectory), "collections");

    /// <summary>The folder of the collections.</summary>
    public string Path { get; }

    /// <summary>Counts the collections and their bytes on disk.</summary>
    /// <exception cref="SextantException">The folder cannot be read.</exception>
    public SourceCollectionStatistics GetStatistics() =>
        Attempt(() =>
        {
            List<string> folders = FindAll();
            return new SourceCollectionStatistics(Path, folders.Count, folders.Sum(SizeOf));
        });

    /// <summary>
    /// Removes collections, those unused for longest first, until they take at most <paramref name="maxBytes"/>. One that a process
    /// searches
    /// at the moment stays.
    /// </summary>
    /// <exception cref="SextantException">The folder cannot be written.</exception>
    public SourceCollectionRemoval Prune(long maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        return Attempt(() =>
        {
            SweepInterrupted();
            (int removed, int inUse) = (0, 0);
            List<(string Folder, long Size, DateTime LastUse)> folders = FindAll()
                .ConvertAll(static folder => (Folder: folder, Size: SizeOf(folder), LastUse: CollectionUse.LastUse(folder)));
            long left = folders.Sum(static one => one.Size);
            foreach ((string folder, long size, _) in folders.OrderBy(static one => one.LastUse))
            {
                if (left <= maxBytes)
                    break;
                if (!TryRemove(folder))
                {
                    inUse++;
                    continue;
                }

                removed++;
                left -= size;
            }

            return new SourceCollectionRemoval(removed, inUse);
        });
    }

    /// <summary>Removes every collection that no process searches at the moment.</summary>
    /// <exception cref="SextantException">The folder cannot be written.</exception>
    public SourceCollectionRemoval Clear() => Prune(0);

    private List<string> FindAll() =>
        Directory.Exists(Path)
            ? [.. Directory.EnumerateDirectories(Path).Where(static folder => !folder.EndsWith(Deleted, StringComparison.Ordinal))]
            : [];

    // What a removal or a search that was killed may have left.
    private void SweepInterrupted()
    {
        if (!Directory.Exists(Path))
            return;
        foreach (string folder in Directory.GetDirectories(Path, "*" + Deleted))
            Directory.Delete(folder, recursive: true);
        foreach (string file in Directory.GetFiles(Path, "*" + CollectionUse.Suffix))
        {
            string folder = file[..^CollectionUse.Suffix.Length];
            if (!Directory.Exists(folder))
                CollectionUse.TryEnd(folder)?.Dispose();
        }
    }

    private static bool TryRemove(string folder)
    {
        using IDisposable? held = CollectionUse.TryEnd(folder);
        if (held is null)
            return false;
        // Moved first: a removal that is interrupted must not leave half a collection under its name.
        string deleted = folder + Deleted;
        if (Directory.Exists(deleted))
            Directory.Delete(deleted, recursive: true);
        Directory.Move(folder, deleted);
        Directory.Delete(deleted, recursive: true);
        return true;
    }

    private static long SizeOf(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Exists ? file.Length : 0);

    private T Attempt<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SextantException($"{Path}: {e.Message}", e);
        }
    }
}

/// <summary>The content of a <see cref="SourceCollectionCache"/>.</summary>
/// <param name="Path">The folder of the collections.</param>
/// <param name="Count">How many collections it has.</param>
/// <param name="Bytes">Their size on disk.</param>
public sealed record SourceCollectionStatistics(string Path, int Count, long Bytes);

/// <summary>The result of a removal from a <see cref="SourceCollectionCache"/>.</summary>
/// <param name="Removed">How many collections were removed.</param>
/// <param name="InUse">How many stayed only because a process searches them.</param>
public sealed record SourceCollectionRemoval(int Removed, int InUse);
