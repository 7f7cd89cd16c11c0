using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Sqlite;

namespace Sextant.Search.Storage.Local;

internal sealed partial class LocalCollection
{
    public override Task RefreshAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            reader =>
            {
                FollowOtherWriters(reader, wait: false, cancellationToken);
                return true;
            },
            cancellationToken
        );

    public override Task<VectorReplacement> ReplaceVectorsAsync(Manifest next, CancellationToken cancellationToken) =>
        LocalReplacement.OpenAsync(_files, next, cancellationToken);

    public override Task<VectorReplacement> RestoreVectorsAsync(CancellationToken cancellationToken) =>
        LocalReplacement.OpenAsync(_files, null, cancellationToken);

    public override Task DropVectorsAsync(VectorRole role, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                try
                {
                    LocalReplacement.Drop(_files, role);
                }
                catch (Microsoft.Data.Sqlite.SqliteException e)
                {
                    throw StorageError.Translate(e, _files.Documents);
                }
            },
            cancellationToken
        );

    public override Task<IReadOnlyList<PendingText>> ListPendingTextsAsync(
        VectorRole role,
        long afterKey,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<PendingText>>(
            reader => reader.Pending(role, StoredVectors.Find(reader.Connection, role) is not null, afterKey, limit),
            cancellationToken
        );
}
