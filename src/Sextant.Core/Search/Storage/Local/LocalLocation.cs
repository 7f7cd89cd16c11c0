using Microsoft.Extensions.Logging;

namespace Sextant.Search.Storage.Local;

/// <summary>A folder.</summary>
internal sealed class LocalLocation(string path, bool readOnly = false) : CollectionLocation
{
    private readonly CollectionFiles _files = new(path, readOnly);

    public override string Name => _files.Name;

    /// <summary>
    /// Whether all engines of the folder in this process use one <see cref="LocalCollection"/>. Without it, two engines behave like two
    /// processes.
    /// </summary>
    public bool IsShared { get; set; } = true;

    public override Task<Manifest?> ReadManifestAsync(CancellationToken cancellationToken) =>
        Task.FromResult(LocalCollection.ReadManifest(_files));

    public override Task CreateAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        LocalCollection.Create(_files, manifest);
        return Task.CompletedTask;
    }

    public override Task DeleteAsync(CancellationToken cancellationToken)
    {
        if (!_files.Exist)
            return Task.CompletedTask;
        if (IsShared && SharedCollections.FindWritable(_files) is { } open)
            return open.WhileNotWritingAsync(Delete, cancellationToken);
        Delete();
        return Task.CompletedTask;
    }

    public override async Task<CollectionStore> OpenAsync(Manifest manifest, ILogger logger, CancellationToken cancellationToken) =>
        await (
            IsShared
                ? SharedCollections.OpenAsync(_files, manifest, logger, cancellationToken)
                : LocalCollection.OpenAsync(_files, manifest, logger, cancellationToken)
        ).ConfigureAwait(false);

    private void Delete()
    {
        using (WriterLock.Take(_files))
        {
            foreach (
                string file in (string[])
                    [_files.Index, _files.NextIndex, _files.Documents, $"{_files.Documents}-wal", $"{_files.Documents}-shm"]
            )
            {
                File.Delete(file);
            }
        }

        File.Delete(_files.Lock);
        File.Delete(_files.LockOwner);
        File.Delete(_files.ReplacementLock);
        // Files of other programs must not be removed.
        if (!Directory.EnumerateFileSystemEntries(_files.Folder).Any())
            Directory.Delete(_files.Folder);
    }
}
