using System.Globalization;

namespace Sextant.Search.Storage;

/// <summary>
/// The right to write to a collection. The operating system holds the lock and lets go of it when the process ends,
/// however it ends, so a crash never leaves a collection locked.
/// </summary>
internal sealed class WriterLock : IDisposable
{
    private readonly FileStream _file;

    private WriterLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or gives <see langword="null"/> when another holds it.</summary>
    public static WriterLock? TryTake(CollectionFiles files)
    {
        FileStream file;
        try
        {
            file = new FileStream(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(files.Lock))
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SextantException($"{files.Name} cannot be written: check the permissions of the folder", e);
        }

        // A file of its own, because nobody else may read the locked one.
        File.WriteAllText(files.LockOwner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new(file);
    }

    /// <summary>Takes the lock, or says who holds it.</summary>
    /// <exception cref="CollectionBusyException">Another process, or another engine in this one, is writing.</exception>
    public static WriterLock Take(CollectionFiles files) => TryTake(files) ?? throw new CollectionBusyException(
        $"{files.Name} is being written by {Owner(files)}, so here it can only be read; wait until that has ended, or stop it");

    public void Dispose() => _file.Dispose();

    private static string Owner(CollectionFiles files)
    {
        try
        {
            string pid = File.ReadAllText(files.LockOwner).Trim();
            return pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
                ? $"another engine of this process ({pid})"
                : $"process {pid}";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
