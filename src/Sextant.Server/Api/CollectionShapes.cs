namespace Sextant.Server.Api;

/// <summary>The body of <c>PUT /v1/collections/{name}</c>; all of it may be left out.</summary>
internal sealed record CreateCollectionRequest
{
    /// <summary>The model that its vectors come from; the service's first when left out.</summary>
    public string? Model { get; init; }

    /// <summary>Cut vectors to this length; the model's own when left out.</summary>
    public int? Dimensions { get; init; }

    /// <summary>How vectors are compared: <c>cosine</c> (also when left out), <c>dot</c> or <c>euclidean</c>.</summary>
    public string? Metric { get; init; }
}

/// <summary>Information about a collection.</summary>
internal sealed record CollectionDescription(
    string Object,
    string Name,
    string Model,
    int Dimensions,
    string Metric,
    long Documents,
    long Created,
    long DocumentsBytes,
    long IndexBytes
);

/// <summary>The answer of <c>GET /v1/collections</c>.</summary>
internal sealed record CollectionList(string Object, IReadOnlyList<CollectionDescription> Data);

/// <summary>The answer of a deletion.</summary>
internal sealed record Deletion(string Object, string Id, bool Deleted);

/// <summary>The result of checking a collection.</summary>
internal sealed record Verification(long Documents, IReadOnlyList<string> Problems, double? Recall);
