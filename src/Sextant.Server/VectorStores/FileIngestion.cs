using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sextant.Server.Collections;
using Sextant.Server.Keys;
using Sextant.Sources;
using Sextant.Tokenizers;

namespace Sextant.Server.VectorStores;

/// <summary>Reads an uploaded file and writes its parts into the collection of a vector store.</summary>
internal sealed class FileIngestion(CollectionSet collections)
{
    private const int BatchSize = 256;

    /// <summary>The id of a part of a file.</summary>
    public static string IdOf(string fileId, int chunk) => string.Create(CultureInfo.InvariantCulture, $"{fileId}#{chunk}");

    /// <summary>The file that a part belongs to.</summary>
    public static string FileOf(string documentId) => documentId[..documentId.LastIndexOf('#')];

    /// <summary>
    /// Writes the parts. Their ids depend only on the file, so a repeated run replaces the documents of an interrupted one.
    /// </summary>
    /// <exception cref="SextantException">The file cannot be read.</exception>
    public async Task RunAsync(VectorStore store, StoreFileState file, string path, CancellationToken cancellationToken)
    {
        using CollectionLease lease = await collections.UseAsync(store.Id, cancellationToken, KeyRights.Write);
        ITokenCounter? counter = await lease.Engine.GetTokenCounterAsync(cancellationToken);
        List<string> chunks = await ReadAsync(path, file, counter, lease.Engine.Model.MaxTokens, cancellationToken);
        // Stored before the first part is written, so that all parts can be removed after an interruption.
        if (store.Change(file.FileId, state => state with { Chunks = chunks.Count }) is null)
            return;
        for (int first = 0; first < chunks.Count; first += BatchSize)
        {
            int start = first;
            IEnumerable<Document> batch = chunks
                .Skip(first)
                .Take(BatchSize)
                .Select(
                    (text, i) =>
                        new Document(text)
                        {
                            Id = IdOf(file.FileId, start + i),
                            Metadata = (JsonObject)file.Attributes.DeepClone(),
                            Source = file.FileId,
                        }
                );
            await lease.Engine.AddDocumentsAsync(batch, cancellationToken);
        }

        long bytes = chunks.Sum(static text => (long)Encoding.UTF8.GetByteCount(text));
        store.Change(file.FileId, state => state with { Status = FileStatus.Completed, UsageBytes = bytes });
    }

    /// <summary>Removes the documents of a file.</summary>
    public async Task RemoveAsync(VectorStore store, StoreFileState file, CancellationToken cancellationToken)
    {
        if (file.Chunks == 0)
            return;
        using CollectionLease lease = await collections.UseAsync(store.Id, cancellationToken, KeyRights.Write);
        await lease.Engine.DeleteAsync(Enumerable.Range(0, file.Chunks).Select(chunk => IdOf(file.FileId, chunk)), cancellationToken);
    }

    /// <summary>The stored parts of a file, in their order.</summary>
    public async Task<List<Document>> PartsAsync(VectorStore store, StoreFileState file, CancellationToken cancellationToken)
    {
        using CollectionLease lease = await collections.UseAsync(store.Id, cancellationToken);
        return await PartsAsync(lease.Engine, file, cancellationToken);
    }

    /// <summary>Replaces the attributes of all parts of a file without embedding them again.</summary>
    public async Task ReplaceAttributesAsync(VectorStore store, StoreFileState file, CancellationToken cancellationToken)
    {
        using CollectionLease lease = await collections.UseAsync(store.Id, cancellationToken, KeyRights.Write);
        List<Document> parts = await PartsAsync(lease.Engine, file, cancellationToken);
        foreach (Document[] batch in parts.Chunk(BatchSize))
        {
            await lease.Engine.AddDocumentsAsync(
                batch.Select(part => part with { Metadata = (JsonObject)file.Attributes.DeepClone(), Vector = null }),
                cancellationToken
            );
        }
    }

    private static async Task<List<Document>> PartsAsync(
        SemanticSearchEngine engine,
        StoreFileState file,
        CancellationToken cancellationToken
    )
    {
        List<Document> parts = [];
        for (int chunk = 0; chunk < file.Chunks; chunk++)
        {
            if (await engine.GetAsync(IdOf(file.FileId, chunk), cancellationToken) is { } part)
                parts.Add(part);
        }

        return parts;
    }

    private static async Task<List<string>> ReadAsync(
        string path,
        StoreFileState file,
        ITokenCounter? counter,
        int? mostTokens,
        CancellationToken cancellationToken
    )
    {
        TextChunker? chunker = counter is null
            ? null
            : new(
                counter,
                Math.Min(file.ChunkTokens, mostTokens ?? int.MaxValue),
                Math.Min(file.OverlapTokens, (mostTokens ?? int.MaxValue) / 2)
            );
        List<string> chunks = [];
        await foreach (SourceDocument document in new SourceReader().ReadAsync([path], cancellationToken))
        {
            if (chunker is null)
                chunks.Add(document.Text);
            else
                chunks.AddRange(chunker.Chunk(document).Select(static chunk => chunk.Text));
        }

        return chunks;
    }
}
