using Microsoft.Data.Sqlite;
using Sextant.Index;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Graph;
using Sextant.Search.Storage.Sqlite;

namespace Sextant.Search.Storage.Local;

internal sealed partial class LocalCollection
{
    private const int TransferBatch = 1024;

    /// <summary>
    /// Reads documents and graph in the same state, isolated from writes of other processes. Writes of this process wait, searches do not.
    /// </summary>
    public async Task<T> WhileStillAsync<T>(Func<DocumentReader, LiveIndex, T> look, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ReadAsync(
                    reader =>
                    {
                        T? seen = default;
                        reader.InOneState(_ =>
                        {
                            _index.CatchUp(reader, cancellationToken);
                            seen = look(reader, _index);
                        });
                        return seen!;
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Makes a collection of documents that have their vectors, over a graph that links them in their order.</summary>
    /// <returns>The number of documents.</returns>
    /// <exception cref="InputException">There is something at the location, or an id comes twice.</exception>
    public static int CreateWithGraph(
        CollectionFiles target,
        Manifest manifest,
        IEnumerable<IncomingDocument> documents,
        HnswGraph graph,
        CancellationToken cancellationToken
    ) =>
        NewFolder(
            target,
            folder =>
            {
                CollectionDatabase.Create(folder.Documents, manifest);
                using DocumentWriter writer = new(folder);
                long[] keys = new long[graph.Count];
                float[] rows = new float[checked(graph.Count * manifest.Dimensions)];
                (int count, long change) = (0, 0);
                try
                {
                    foreach (IncomingDocument[] batch in documents.Chunk(TransferBatch))
                    {
                        WriteResult written = writer.Upsert(batch, cancellationToken)!;
                        if (Array.FindIndex(written.Effects, effect => effect != WriteEffect.Added) is >= 0 and var twice)
                            throw new InputException($"the id '{batch[twice].Id}' is a duplicate; give each vector its own id");
                        change = written.Change;
                        for (int i = 0; i < batch.Length; i++)
                        {
                            batch[i].Vector!.CopyTo(rows.AsSpan(count * manifest.Dimensions));
                            keys[count++] = written.Keys[i];
                        }
                    }
                }
                catch (SqliteException e)
                {
                    throw StorageError.Translate(e, target.Documents);
                }

                using HnswIndex index = HnswIndex.FromGraph(manifest.Dimensions, manifest.Index, graph, keys, rows);
                index.Stamp = LiveIndex.NewToken();
                writer.AnnounceSnapshot(index.Stamp, change, manifest.Fingerprint);
                index.Save(folder.Index);
                return count;
            }
        );

    // The folder gets its name only when it is whole.
    private static T NewFolder<T>(CollectionFiles target, Func<CollectionFiles, T> fill)
    {
        if (Directory.Exists(target.Folder) && Directory.EnumerateFileSystemEntries(target.Folder).Any())
            throw new InputException($"{target.Name} already exists and is not empty; choose another folder");
        T result = default!;
        AtomicFile.CreateEntry(
            target.Folder,
            temporary =>
            {
                Directory.CreateDirectory(temporary);
                result = fill(new(temporary));
                if (Directory.Exists(target.Folder))
                    Directory.Delete(target.Folder);
            }
        );
        return result;
    }
}
