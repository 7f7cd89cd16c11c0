using Sextant.Search.Storage;

namespace Sextant.Server.Collections;

/// <summary>A folder, whose sub-folders are the collections.</summary>
internal sealed class FolderRoot : CollectionRoot
{
    private const string DeletedPrefix = ".deleted-";

    private readonly string _folder;
    private readonly bool _readOnly;

    public FolderRoot(ServerOptions options)
    {
        string folder = options.Collections;
        _readOnly = options.ReadOnly;
        _folder = Path.GetFullPath(folder);
        // A mistyped name must not be served as an empty folder.
        if (!options.CreateFolder && !Directory.Exists(_folder))
            throw new InputException($"{folder}: no such folder of collections; check the name, or create the folder first");
        try
        {
            if (!options.ReadOnly)
                Directory.CreateDirectory(_folder);
            IsReadOnly = options.ReadOnly || !WriteAccess.IsAllowed(_folder);
            if (IsReadOnly)
                return;
            // Leftovers that an earlier run had no time to delete.
            foreach (string deleted in Directory.EnumerateDirectories(_folder, DeletedPrefix + "*"))
                Directory.Delete(deleted, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder} cannot be used as the folder of collections: {e.Message}", e);
        }
    }

    public override bool IsReadOnly { get; }

    public override string Prefix => Path.TrimEndingDirectorySeparator(_folder) + Path.DirectorySeparatorChar;

    public override Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([
            .. Directory
                .EnumerateDirectories(_folder)
                .Where(SemanticSearchEngine.Exists)
                .Select(path => Path.GetFileName(path))
                .Where(CollectionName.IsValid)
                .Order(StringComparer.Ordinal),
        ]);

    public override string LocationOf(string name) => Path.Combine(_folder, name);

    public override async Task<Manifest?> ManifestAsync(string name, CancellationToken cancellationToken)
    {
        await using CollectionLocation found = CollectionLocation.Resolve(LocationOf(name), [], _readOnly);
        return await found.ReadManifestAsync(cancellationToken);
    }

    public override bool IsGone(string name) => !File.Exists(Path.Combine(LocationOf(name), SemanticSearchEngine.DocumentsFileName));

    // It is gone at once and whole.
    public override Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        string path = LocationOf(name);
        // Another program may be writing to it.
        CollectionMaintenance.ThrowIfBusy(path);
        string deleted = Path.Combine(_folder, DeletedPrefix + Guid.NewGuid().ToString("N"));
        Directory.Move(path, deleted);
        Directory.Delete(deleted, recursive: true);
        return Task.CompletedTask;
    }

    public override Task<string?> ProblemAsync(CancellationToken cancellationToken)
    {
        if (IsReadOnly)
            return Task.FromResult(Directory.Exists(_folder) ? null : "the folder of collections does not exist");
        string probe = Path.Combine(_folder, $".ready-{Guid.NewGuid():N}");
        try
        {
            using FileStream file = new(
                probe,
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                bufferSize: 1,
                FileOptions.DeleteOnClose
            );
            file.WriteByte(0);
            file.Flush(flushToDisk: false);
            return Task.FromResult<string?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult<string?>("the folder of collections is not writable");
        }
    }
}
