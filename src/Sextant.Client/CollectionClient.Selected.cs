using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Sextant.Client;

public sealed partial class CollectionClient
{
    private const int SearchesPerRequest = 128;
    private const int DocumentsPerPage = 500;

    /// <summary>Runs many searches by text, in requests of up to 128.</summary>
    /// <param name="queries">Questions, phrases, texts.</param>
    /// <param name="topK">The most results of each.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>The results of each query, in the order of <paramref name="queries"/>.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<SearchResult>>> SearchManyAsync(
        IEnumerable<string> queries,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(queries);
        List<IReadOnlyList<SearchResult>> all = [];
        foreach (string[] batch in queries.Chunk(SearchesPerRequest))
        {
            BatchAnswer answer = await _caller
                .CallAsync<BatchAnswer>(
                    HttpMethod.Post,
                    $"{_path}/search/batch",
                    ServiceCaller.Json(new BatchRequest(batch.Select(query => Whole(new() { Query = query }, topK, options)))),
                    cancellationToken
                )
                .ConfigureAwait(false);
            all.AddRange(answer.Responses.Select(one => Read(one, options)));
        }

        return all;
    }

    /// <summary>Finds documents like some of the collection and unlike others, none of which is among them.</summary>
    /// <param name="positive">The ids of documents to be similar to; at least one.</param>
    /// <param name="negative">The ids of documents to be dissimilar from; none when <see langword="null"/>.</param>
    /// <param name="topK">The most results.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>Best first.</returns>
    public Task<IReadOnlyList<SearchResult>> RecommendAsync(
        IEnumerable<string> positive,
        IEnumerable<string>? negative = null,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(positive);
        return FindAsync(new() { Positive = positive, Negative = negative }, topK, options, cancellationToken);
    }

    /// <summary>
    /// Lists documents in the order in which they were first added, page by page. Every document that is there throughout comes exactly
    /// once, regardless of concurrent writes.
    /// </summary>
    /// <param name="filter">A condition on the metadata; all documents when <see langword="null"/>.</param>
    /// <param name="withVectors">Whether the documents have their vectors.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public async IAsyncEnumerable<StoredDocument> ListAsync(
        string? filter = null,
        bool withVectors = false,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        string query = string.Create(CultureInfo.InvariantCulture, $"{_path}/documents?limit={DocumentsPerPage}");
        if (withVectors)
            query += "&vector=true";
        if (filter is not null)
            query += $"&filter={Uri.EscapeDataString(filter)}";
        string? cursor = null;
        do
        {
            PageAnswer page = await _caller
                .CallAsync<PageAnswer>(HttpMethod.Get, cursor is null ? query : $"{query}&cursor={cursor}", null, cancellationToken)
                .ConfigureAwait(false);
            foreach (StoredDocument document in page.Documents)
                yield return document;
            cursor = page.NextCursor;
        } while (cursor is not null);
    }

    /// <summary>
    /// Changes the metadata of a document, without embedding: fields replace those of the same name, objects are merged, and null removes a
    /// field (JSON Merge Patch).
    /// </summary>
    /// <param name="id">The id.</param>
    /// <param name="patch">The changes.</param>
    /// <param name="condition">A condition on the current metadata, for instance <c>version = 3</c>.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>The document with its new metadata; <see langword="null"/> where it does not exist or meet the condition.</returns>
    public async Task<StoredDocument?> UpdateMetadataAsync(
        string id,
        JsonObject patch,
        string? condition = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(patch);
        try
        {
            return await _caller
                .CallAsync<StoredDocument>(
                    HttpMethod.Patch,
                    PathOfDocument(id),
                    ServiceCaller.Json(new PatchRequest(patch, condition)),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SextantClientException e) when (IsMissing(e) || e.Status == HttpStatusCode.PreconditionFailed)
        {
            return null;
        }
    }

    /// <summary>Changes the metadata of all documents that match a filter, all of them or none.</summary>
    /// <param name="filter">A condition on the metadata.</param>
    /// <param name="patch">The changes, as for a single document.</param>
    /// <param name="isDryRun">Whether documents are only counted.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    public Task<UpdatedDocuments> UpdateMatchingAsync(
        string filter,
        JsonObject patch,
        bool isDryRun = false,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(filter);
        ArgumentNullException.ThrowIfNull(patch);
        return _caller.CallAsync<UpdatedDocuments>(
            HttpMethod.Patch,
            $"{_path}/documents",
            ServiceCaller.Json(new PatchManyRequest(patch, filter, isDryRun)),
            cancellationToken
        );
    }

    /// <summary>Deletes all documents that match a filter, all of them or none.</summary>
    /// <param name="filter">A condition on the metadata.</param>
    /// <param name="isDryRun">Whether documents are only counted.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>The number of documents.</returns>
    public async Task<int> DeleteMatchingAsync(string filter, bool isDryRun = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(filter);
        string path = $"{_path}/documents?filter={Uri.EscapeDataString(filter)}{(isDryRun ? "&dry_run=true" : "")}";
        return (await _caller.CallAsync<DeletedAnswer>(HttpMethod.Delete, path, null, cancellationToken).ConfigureAwait(false)).Deleted;
    }
}
