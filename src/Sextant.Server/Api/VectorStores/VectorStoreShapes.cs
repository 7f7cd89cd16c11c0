using System.Text.Json.Nodes;
using Sextant.Server.VectorStores;

namespace Sextant.Server.Api.VectorStores;

/// <summary>The body of <c>POST /v1/vector_stores</c>.</summary>
internal sealed record CreateVectorStore
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Uploaded files to attach.</summary>
    public IReadOnlyList<string>? FileIds { get; init; }

    public ExpiresAfter? ExpiresAfter { get; init; }

    public ChunkingStrategy? ChunkingStrategy { get; init; }

    /// <summary>At most 16 strings, for the client.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>The body of <c>POST /v1/vector_stores/{id}</c>: omitted properties keep their values.</summary>
internal sealed record UpdateVectorStore
{
    public string? Name { get; init; }

    public ExpiresAfter? ExpiresAfter { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>When a vector store expires: some days after its last use.</summary>
/// <param name="Anchor"><c>last_active_at</c>.</param>
/// <param name="Days">From 1 to 365.</param>
internal sealed record ExpiresAfter(string Anchor, int Days);

/// <summary>How files are cut into parts: <c>auto</c> or <c>static</c>.</summary>
internal sealed record ChunkingStrategy(string Type)
{
    public StaticChunking? Static { get; init; }
}

/// <summary>Parts of a fixed length.</summary>
/// <param name="MaxChunkSizeTokens">From 100 to 4,096; never more than the model reads.</param>
/// <param name="ChunkOverlapTokens">At most half of it.</param>
internal sealed record StaticChunking(int MaxChunkSizeTokens, int ChunkOverlapTokens);

/// <summary>A vector store, as OpenAI describes it.</summary>
internal sealed record VectorStoreBody(
    string Id,
    string Object,
    long CreatedAt,
    string? Name,
    string? Description,
    long UsageBytes,
    FileCounts FileCounts,
    string Status,
    ExpiresAfter? ExpiresAfter,
    long? ExpiresAt,
    long? LastActiveAt,
    IReadOnlyDictionary<string, string> Metadata
);

/// <summary>How many files are how far.</summary>
internal sealed record FileCounts(int InProgress, int Completed, int Failed, int Cancelled, int Total)
{
    public static FileCounts Create(IReadOnlyList<StoreFileState> files)
    {
        return new(Of(FileStatus.InProgress), Of(FileStatus.Completed), Of(FileStatus.Failed), Of(FileStatus.Cancelled), files.Count);

        int Of(string status) => files.Count(file => file.Status == status);
    }
}

/// <summary>The body of <c>POST /v1/vector_stores/{id}/files</c>, and an item of a batch.</summary>
internal sealed record AttachFile
{
    public required string FileId { get; init; }

    /// <summary>At most 16 strings, numbers or booleans, to filter by.</summary>
    public JsonObject? Attributes { get; init; }

    public ChunkingStrategy? ChunkingStrategy { get; init; }
}

/// <summary>The body of <c>POST /v1/vector_stores/{id}/files/{file_id}</c>.</summary>
internal sealed record UpdateAttributes
{
    public required JsonObject Attributes { get; init; }
}

/// <summary>A file of a vector store, as OpenAI describes it.</summary>
internal sealed record VectorStoreFileBody(
    string Id,
    string Object,
    long CreatedAt,
    long UsageBytes,
    string VectorStoreId,
    string Status,
    FileProblem? LastError,
    ChunkingStrategy ChunkingStrategy,
    JsonObject Attributes
)
{
    public static VectorStoreFileBody Create(VectorStore store, StoreFileState file) =>
        new(
            file.FileId,
            "vector_store.file",
            file.CreatedAt,
            file.UsageBytes,
            store.Id,
            file.Status,
            file.ErrorCode is { } code ? new(code, file.ErrorMessage!) : null,
            new("static") { Static = new(file.ChunkTokens, file.OverlapTokens) },
            file.Attributes
        );
}

/// <summary>Why a file failed: <c>invalid_file</c> or <c>server_error</c>, and what a person can do.</summary>
internal sealed record FileProblem(string Code, string Message);

/// <summary>
/// The body of <c>POST /v1/vector_stores/{id}/file_batches</c>: <c>file_ids</c>, or <c>files</c> with their own attributes.
/// </summary>
internal sealed record CreateFileBatch
{
    public IReadOnlyList<string>? FileIds { get; init; }

    public IReadOnlyList<AttachFile>? Files { get; init; }

    public JsonObject? Attributes { get; init; }

    public ChunkingStrategy? ChunkingStrategy { get; init; }
}

/// <summary>Files that were attached together, as OpenAI describes them.</summary>
internal sealed record FileBatchBody(string Id, string Object, long CreatedAt, string VectorStoreId, string Status, FileCounts FileCounts);

/// <summary>The parts of a file.</summary>
internal sealed record FileContentPage(string Object, IReadOnlyList<TextContent> Data, bool HasMore, string? NextPage);

/// <summary>A text.</summary>
internal sealed record TextContent(string Type, string Text);
