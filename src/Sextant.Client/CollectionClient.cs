using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sextant.Client;

/// <summary>One collection of a service. Thread-safe.</summary>
public sealed partial class CollectionClient
{
    private readonly ServiceCaller _caller;
    private readonly string _path;

    internal CollectionClient(ServiceCaller caller, string name)
    {
        _path = PathOf(name);
        (_caller, Name) = (caller, name);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Describes it: how many documents, which model, how large.</summary>
    public Task<CollectionDescription> DescribeAsync(CancellationToken cancellationToken = default) =>
        _caller.CallAsync<CollectionDescription>(HttpMethod.Get, _path, null, cancellationToken);

    /// <summary>
    /// Adds documents and replaces those of the same id, in one request: all of them or none, and on the disk when this returns.
    /// </summary>
    /// <param name="documents">
    /// Sent one by one as they come. A service takes 10,000 in a request unless it is set otherwise; <see cref="UploadAsync"/> takes any
    /// number.
    /// </param>
    /// <param name="idempotencyKey">Sent again with the same key, the request is answered as before and not carried out twice.</param>
    /// <param name="cancellationToken">Cancels waiting; then they may have been added or not.</param>
    public Task<AddedDocuments> AddAsync(
        IEnumerable<NewDocument> documents,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(documents);
        return _caller.CallAsync<AddedDocuments>(
            HttpMethod.Post,
            $"{_path}/documents",
            new JsonLinesContent<NewDocument>(documents),
            cancellationToken,
            idempotencyKey
        );
    }

    /// <summary>Streams any number of documents in requests of <paramref name="batchSize"/>, each of which is all or nothing.</summary>
    /// <param name="documents">The documents; read at most one batch ahead.</param>
    /// <param name="batchSize">At least 1.</param>
    /// <param name="acknowledged">Receives the number of documents stored by the service after each batch.</param>
    /// <param name="cancellationToken">Cancels after the current batch.</param>
    /// <returns>The number of documents added, replaced or unchanged.</returns>
    public async Task<long> UploadAsync(
        IAsyncEnumerable<NewDocument> documents,
        int batchSize = 1000,
        IProgress<long>? acknowledged = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        long done = 0;
        await foreach (NewDocument[] batch in documents.Chunk(batchSize).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await AddAsync(batch, null, cancellationToken).ConfigureAwait(false);
            done += batch.Length;
            acknowledged?.Report(done);
        }

        return done;
    }

    /// <summary>Finds the documents most similar to a text.</summary>
    /// <param name="query">A question, a phrase, a text.</param>
    /// <param name="topK">The most results.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>Best first.</returns>
    public Task<IReadOnlyList<SearchResult>> SearchAsync(
        string query,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        return FindAsync(new() { Query = query }, topK, options, cancellationToken);
    }

    /// <summary>Finds the documents nearest to a vector of the collection's own model.</summary>
    /// <param name="vector">As long as the collection's vectors.</param>
    /// <param name="topK">The most results.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>Best first.</returns>
    public Task<IReadOnlyList<SearchResult>> SearchAsync(
        ReadOnlyMemory<float> vector,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    ) => FindAsync(new() { Vector = vector.ToArray() }, topK, options, cancellationToken);

    /// <summary>Finds the documents that are most like one of the collection, which is not among them.</summary>
    /// <param name="id">The id of that document.</param>
    /// <param name="topK">The most results.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>Best first.</returns>
    public Task<IReadOnlyList<SearchResult>> SearchSimilarAsync(
        string id,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(id);
        return FindAsync(new() { Id = id }, topK, options, cancellationToken);
    }

    /// <summary>Counts the values that fields have in the documents that match a filter.</summary>
    /// <param name="fields">The fields of the metadata.</param>
    /// <param name="filter">A condition; all documents when <see langword="null"/>.</param>
    /// <param name="limit">The most values of each field.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>The values of each field, in the order of <paramref name="fields"/>.</returns>
    public async Task<IReadOnlyList<Facet>> GetFacetsAsync(
        IEnumerable<string> fields,
        string? filter = null,
        int limit = 10,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(fields);
        return (
            await _caller
                .CallAsync<FacetsAnswer>(
                    HttpMethod.Post,
                    $"{_path}/facets",
                    ServiceCaller.Json(new FacetsRequest(fields, limit, filter)),
                    cancellationToken
                )
                .ConfigureAwait(false)
        ).Facets;
    }

    /// <summary>Reads a document; <see langword="null"/> if it does not exist.</summary>
    public async Task<StoredDocument?> GetAsync(string id, bool withVector = false, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _caller
                .CallAsync<StoredDocument>(HttpMethod.Get, PathOfDocument(id) + (withVector ? "?vector=true" : ""), null, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (SextantClientException e) when (IsMissing(e))
        {
            return null;
        }
    }

    /// <summary>Deletes a document.</summary>
    /// <returns>Whether it existed.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        try
        {
            await _caller.CallAsync<DeletionAnswer>(HttpMethod.Delete, PathOfDocument(id), null, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SextantClientException e) when (IsMissing(e))
        {
            return false;
        }
    }

    /// <summary>All documents, one after another as they arrive.</summary>
    public async IAsyncEnumerable<StoredDocument> ExportAsync(
        bool withVectors = false,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using HttpResponseMessage answer = await _caller
            .SendAsync(HttpMethod.Get, $"{_path}/export" + (withVectors ? "?vectors=true" : ""), null, cancellationToken)
            .ConfigureAwait(false);
        using StreamReader lines = new(await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await _caller.ReadAsync(() => lines.ReadLineAsync(cancellationToken).AsTask()).ConfigureAwait(false) is { } line)
            yield return JsonSerializer.Deserialize<StoredDocument>(line, ServiceCaller.JsonOptions)!;
    }

    /// <summary>The documents laid out on a plane by meaning, as the web page draws them; of a large collection every n-th.</summary>
    public async Task<IReadOnlyList<MapPoint>> GetMapAsync(CancellationToken cancellationToken = default)
    {
        MapAnswer map = await _caller.CallAsync<MapAnswer>(HttpMethod.Get, $"{_path}/map", null, cancellationToken).ConfigureAwait(false);
        float[] at = Floats.FromBase64(map.Positions, map.Ids.Count * 2);
        return [.. map.Ids.Select((id, i) => new MapPoint(id, at[2 * i], at[(2 * i) + 1]))];
    }

    /// <summary>Checks documents, vectors and links, and how many of the nearest a search finds.</summary>
    public Task<CollectionCheck> VerifyAsync(CancellationToken cancellationToken = default) =>
        _caller.CallAsync<CollectionCheck>(HttpMethod.Post, $"{_path}/verify", null, cancellationToken);

    internal static string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return $"v1/collections/{Uri.EscapeDataString(name)}";
    }

    private string PathOfDocument(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        // In a URL, these refer to another path, and clients or proxies may resolve them.
        if (id is "." or "..")
            throw new ArgumentException("A document with this id can be found and replaced, but has no address.", nameof(id));
        return $"{_path}/documents/{Uri.EscapeDataString(id)}";
    }

    private static bool IsMissing(SextantClientException e) => e is { Status: HttpStatusCode.NotFound, Code: "document_not_found" };

    private async Task<IReadOnlyList<SearchResult>> FindAsync(
        SearchRequest asked,
        int topK,
        SearchOptions? options,
        CancellationToken cancellationToken
    )
    {
        SearchAnswer answer = await _caller
            .CallAsync<SearchAnswer>(HttpMethod.Post, $"{_path}/search", ServiceCaller.Json(Whole(asked, topK, options)), cancellationToken)
            .ConfigureAwait(false);
        return Read(answer, options);
    }

    private static IReadOnlyList<SearchResult> Read(SearchAnswer answer, SearchOptions? options)
    {
        foreach (string note in answer.Notes ?? [])
            options?.OnNote?.Invoke(note);
        return answer.ScoreKind is { } kind ? [.. answer.Results.Select(hit => hit with { ScoreKind = kind })] : answer.Results;
    }

    private static SearchRequest Whole(SearchRequest asked, int topK, SearchOptions? options) =>
        asked with
        {
            K = topK,
            Offset = options?.Offset ?? 0,
            Filter = options?.Filter,
            Mode = options?.Mode,
            Hybrid = options is { Hybrid: true } ? true : null,
            Rerank = options?.RerankModel,
            Candidates = options?.Candidates,
            GroupBy = options?.GroupBy,
            GroupSize = options?.GroupSize,
            Explain = options is { Explain: true } ? true : null,
            MinScore = options?.MinScore,
        };
}
