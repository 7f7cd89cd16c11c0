using System.Globalization;

namespace Sextant.Search.Storage.Local;

/// <summary>The right to write to a collection. A crash never leaves a collection locked.</summary>
internal sealed class WriterLock : IDisposable
{
    private readonly HeldFile _file;

    private WriterLock(HeldFile file) => _file = file;

    /// <summary>Whether the lock is still exclusive, that is, no other process can have taken it by removing its file.</summary>
    public bool IsHeld => _file.IsHeld;

    /// <summary>Takes the lock, or returns <see langword="null"/> when another holds it.</summary>
    /// <exception cref="CollectionReadOnlyException">The folder cannot be written.</exception>
    public static WriterLock? TryTake(CollectionFiles files)
    {
        if (HeldFile.TryTake(files.Lock, files) is not { } file)
            return null;
        try
        {
            // A separate file, because other processes cannot read the locked one.
            File.WriteAllText(files.LockOwner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock, or says who holds it.</summary>
    /// <exception cref="CollectionBusyException">Another process is writing.</exception>
    /// <exception cref="CollectionReadOnlyException">The folder cannot be written.</exception>
    public static WriterLock Take(CollectionFiles files) =>
        TryTake(files)
        ?? throw new CollectionBusyException(
            $"{files.Name} is being written by {Owner(files)}, so this process can only read it; wait until it has finished, or stop it"
        );

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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
