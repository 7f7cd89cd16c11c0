using Sextant.Files;

namespace Sextant.Search.Storage.Local;

/// <summary>
/// A file that one process holds locked. The operating system lets go of it when the process ends, however it ends. A file that was removed
/// and made again is another one, which others may hold: <see cref="IsHeld"/> notices.
/// </summary>
internal sealed class HeldFile : IDisposable
{
    private readonly FileStream _file;
    private readonly string _path;

    private HeldFile(FileStream file, string path) => (_file, _path) = (file, path);

    /// <summary>Whether the file that is held is still the one of that name.</summary>
    public bool IsHeld => FileState.IdentityOf(_file.SafeFileHandle) is not { } held || FileState.Get(_path)?.Identity == held;

    /// <summary>Takes the lock, or returns <see langword="null"/> when another holds it.</summary>
    /// <exception cref="CollectionReadOnlyException">The folder cannot be written.</exception>
    public static HeldFile? TryTake(string path, CollectionFiles files)
    {
        files.ThrowIfReadOnly();
        while (true)
        {
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (DirectoryNotFoundException e)
            {
                throw CollectionRemovedException.Create(files.Name, e);
            }
            catch (IOException) when (File.Exists(path) && WriteAccess.IsAllowed(path))
            {
                return null;
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException && !WriteAccess.IsAllowed(files.Folder))
            {
                throw CollectionReadOnlyException.Protected(files.Name, e);
            }

            HeldFile held = new(file, path);
            if (held.IsHeld)
                return held;
            // It was removed between opening and locking.
            held.Dispose();
        }
    }

    public void Dispose() => _file.Dispose();
}
