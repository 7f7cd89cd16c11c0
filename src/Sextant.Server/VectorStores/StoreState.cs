using System.Text.Json.Nodes;

namespace Sextant.Server.VectorStores;

/// <summary>The stored state of a vector store. Its documents are in the collection of the same name.</summary>
internal sealed record StoreState
{
    /// <summary><c>vs_</c> and 24 hexadecimal digits.</summary>
    public required string Id { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>In seconds since 1970, as all times here.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>How many days after its last use it expires; never when <see langword="null"/>.</summary>
    public int? ExpiresAfterDays { get; init; }

    public required long LastActiveAt { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>The stored state of a file of a vector store.</summary>
internal sealed record StoreFileState
{
    public required string FileId { get; init; }

    /// <summary>The name of the key that attached it, whose limits apply to reading it; <see langword="null"/> without keys.</summary>
    public string? Key { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>One of <see cref="FileStatus"/>.</summary>
    public required string Status { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public required int ChunkTokens { get; init; }

    public required int OverlapTokens { get; init; }

    public required JsonObject Attributes { get; init; }

    /// <summary>
    /// The maximum number of documents of this file. Their ids are the file's id, <c>#</c> and a number from 0.
    /// </summary>
    public int Chunks { get; init; }

    /// <summary>The bytes of their texts.</summary>
    public long UsageBytes { get; init; }
}

/// <summary>Files that were attached together.</summary>
/// <param name="Id"><c>vsfb_</c> and 24 hexadecimal digits.</param>
/// <param name="CreatedAt">In seconds since 1970.</param>
/// <param name="FileIds">The files.</param>
/// <param name="IsCancelled">Whether the client cancelled it.</param>
internal sealed record StoreBatchState(string Id, long CreatedAt, IReadOnlyList<string> FileIds, bool IsCancelled);

/// <summary>The status values of a file.</summary>
internal static class FileStatus
{
    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
}
