namespace Sextant.Search.Storage;

internal sealed partial class LocalCollection
{
    public override Task<CollectionInfo> InfoAsync(CancellationToken cancellationToken) => ReadAsync(reader => new CollectionInfo
    {
        Path = _files.Name,
        Documents = reader.Count(),
        Model = Manifest.Model,
        Fingerprint = Manifest.Fingerprint,
        Index = Manifest.Index,
        FormatVersion = CollectionDatabase.FormatVersion,
        Created = Manifest.Created,
        DocumentsBytes = Size(_files.Documents) + Size(_files.Documents + "-wal"),
        IndexBytes = Size(_files.Index),
    }, cancellationToken);

    public override Task BackupAsync(string file, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(file);
        if (Directory.Exists(full)) throw new InputException($"{file} is a folder; a backup is one file");
        return ReadAsync(reader =>
        {
            DatabaseCopy.Write(reader.Connection, full, cancellationToken);
            return true;
        }, cancellationToken);
    }

    public override async Task SaveAsAsync(string path, CancellationToken cancellationToken)
    {
        CollectionFiles target = new(path);
        if (Directory.Exists(target.Folder) && Directory.EnumerateFileSystemEntries(target.Folder).Any())
            throw new InputException($"{path} is there already and is not empty; choose another folder");
        // The graph must stand still while it is written beside a database that it belongs to.
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ReadAsync(reader =>
            {
                _index.CatchUp(reader, cancellationToken);
                SaveCopy(target, reader, cancellationToken);
                return true;
            }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    public override Task CompactAsync(CancellationToken cancellationToken) =>
        WriteAsync(writer =>
        {
            Read(reader =>
            {
                _index.Rebuild(reader, cancellationToken);
                return true;
            });
            writer.PurgeDeletions();
            CollectionDatabase.Execute(writer.Connection, "insert into keywords (keywords) values ('optimize')");
            CollectionDatabase.Execute(writer.Connection, "vacuum");
            CollectionDatabase.Execute(writer.Connection, "pragma wal_checkpoint(truncate)");
            _index.Save(writer);
            return true;
        }, cancellationToken);

    public override async Task<CollectionVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        // Writes wait, so that documents and graph are looked at in the same state.
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ReadAsync(reader =>
            {
                _index.CatchUp(reader, cancellationToken);
                return new CollectionVerifier(_files, Manifest, reader, _index).Run(cancellationToken);
            }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    // The folder gets its name only when it is whole.
    private void SaveCopy(CollectionFiles target, DocumentReader reader, CancellationToken cancellationToken)
    {
        string parent = Path.GetDirectoryName(target.Folder)!;
        Directory.CreateDirectory(parent);
        string temporary = Path.Combine(parent, $".{Path.GetFileName(target.Folder)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(temporary);
            CollectionFiles copy = new(temporary);
            DatabaseCopy.Write(reader.Connection, copy.Documents, cancellationToken);
            long token = LiveIndex.NewToken();
            using (DocumentWriter writer = new(copy)) writer.AnnounceSnapshot(token, _index.Change);
            _index.SaveCopy(copy.Index, token);
            if (Directory.Exists(target.Folder)) Directory.Delete(target.Folder);
            Directory.Move(temporary, target.Folder);
        }
        catch
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private static long Size(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;
}
