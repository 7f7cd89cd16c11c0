using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Graph;
using Sextant.Search.Storage.Keywords;
using Sextant.Search.Storage.Sqlite;

namespace Sextant.Search.Storage.Local;

internal sealed partial class LocalCollection
{
    public override Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            reader =>
            {
                FollowOtherWriters(reader, wait: false, cancellationToken);
                return new CollectionInfo
                {
                    Location = _files.Name,
                    Documents = reader.Count(),
                    Model = Manifest.Model,
                    Fingerprint = Manifest.Fingerprint,
                    Index = Manifest.Index,
                    FormatVersion = CollectionFormat.Read(reader.Connection),
                    Created = Manifest.Created,
                    DocumentsBytes = Size(_files.Documents) + Size(_files.Documents + "-wal"),
                    IndexBytes = Size(_files.Index),
                    PreviousModel = StoredVectors.Find(reader.Connection, VectorRole.Previous)?.Model.Name,
                    NextModel = StoredVectors.Find(reader.Connection, VectorRole.Next)?.Model.Name,
                };
            },
            cancellationToken
        );

    public override Task BackupAsync(string file, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(file);
        if (Directory.Exists(full))
            throw new InputException($"{file} is a folder; a backup is one file");
        return ReadAsync(
            reader =>
            {
                DatabaseCopy.Write(reader.Connection, full, _files.Documents, cancellationToken);
                return true;
            },
            cancellationToken
        );
    }

    // The graph must not change while it is written next to the matching database.
    public override Task SaveAsAsync(string path, CancellationToken cancellationToken) =>
        WhileStillAsync(
            (reader, index) => NewFolder(new(path), folder => SaveCopy(folder, reader, index, cancellationToken)),
            cancellationToken
        );

    public override Task CompactAsync(CancellationToken cancellationToken) =>
        WriteAsync(
            writer =>
            {
                Read(reader =>
                {
                    _index.Rebuild(reader, cancellationToken);
                    return true;
                });
                writer.PurgeDeletions();
                SqliteFile.Execute(writer.Connection, "insert into keywords (keywords) values ('rebuild')");
                BigramTable.Rebuild(writer.Connection);
                SqliteFile.Execute(writer.Connection, "vacuum");
                SqliteFile.Execute(writer.Connection, "pragma wal_checkpoint(truncate)");
                _index.Save(writer);
                return true;
            },
            cancellationToken
        );

    public override async Task<CollectionVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        List<string> found = await ReadAsync(_ => CollectionVerifier.Files(_files, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return await WhileStillAsync(
                (reader, index) => new CollectionVerifier(_files, reader, index).Run(found, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>Checks the documents of a collection that is too damaged to be opened.</summary>
    public static Task<CollectionVerification> VerifyWithoutGraphAsync(CollectionFiles files, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                try
                {
                    files.RequireDatabase();
                    return CollectionVerifier.RunWithoutGraph(files, cancellationToken);
                }
                catch (SqliteException e)
                {
                    throw StorageError.Translate(e, files.Documents);
                }
            },
            cancellationToken
        );

    public override Task ThrowIfDamagedAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            reader =>
            {
                reader.InOneState(_ => DocumentCheck.Require(reader.Connection, reader.Rows, cancellationToken));
                return true;
            },
            cancellationToken
        );

    private static int SaveCopy(CollectionFiles copy, DocumentReader reader, LiveIndex index, CancellationToken cancellationToken)
    {
        DatabaseCopy.Write(reader.Connection, copy.Documents, reader.File, cancellationToken);
        long token = LiveIndex.NewToken();
        using (DocumentWriter writer = new(copy))
            writer.AnnounceSnapshot(token, index.Change, index.Manifest.Fingerprint);
        index.SaveCopy(copy.Index, token);
        return index.Count;
    }

    private static long Size(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;
}
