using System.Net.Http.Headers;
using Microsoft.Extensions.AI;

namespace Sextant.Client;

/// <summary>A Sextant service: its models and its collections.</summary>
/// <remarks>
/// Thread-safe; one is enough for a program. Nothing is tried again here: put a handler in front of the <see cref="HttpClient"/> for that.
/// Every request may be sent again, since documents are written by id.
/// <example>
/// <code>
/// using SextantClient sextant = new(new Uri("http://127.0.0.1:5080"));
/// await sextant.CreateCollectionAsync("faq");
/// CollectionClient faq = sextant.GetCollection("faq");
/// await faq.AddAsync([new("Refunds take a week.") { Id = "refunds" }]);
/// foreach (SearchResult hit in await faq.SearchAsync("how do I get my money back"))
///     Console.WriteLine($"{hit.Score:F2}  {hit.Text}");
/// </code>
/// </example>
/// </remarks>
public sealed class SextantClient : IDisposable
{
    private readonly ServiceCaller _caller;
    private readonly HttpClient? _own;

    /// <summary>Speaks to the service at <paramref name="address"/>.</summary>
    /// <param name="address">For instance <c>http://127.0.0.1:5080</c>.</param>
    /// <param name="apiKey">One of the service's keys, where it has any.</param>
    public SextantClient(Uri address, string? apiKey = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        // The service has its own limits, and an import of many documents may take any time.
        _own = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (apiKey is not null)
            _own.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        _caller = new(_own);
    }

    /// <summary>Speaks through <paramref name="http"/>, whose base address is the service, and whose headers hold its key.</summary>
    /// <param name="http">Stays the caller's to dispose; <c>services.AddHttpClient&lt;SextantClient&gt;(…)</c> makes one.</param>
    public SextantClient(HttpClient http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.BaseAddress is null)
            throw new ArgumentException("Set BaseAddress to the address of the service.", nameof(http));
        _caller = new(http);
    }

    /// <summary>The names of the models that the service offers.</summary>
    /// <exception cref="SextantClientException">The service rejects the request, or is unreachable; so for every method.</exception>
    public async Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken = default)
    {
        ModelsAnswer models = await _caller
            .CallAsync<ModelsAnswer>(HttpMethod.Get, "v1/models", null, cancellationToken)
            .ConfigureAwait(false);
        return [.. models.Data.Select(model => model.Id)];
    }

    /// <summary>The names of the models that a search may rerank with (<see cref="SearchOptions.RerankModel"/>).</summary>
    public async Task<IReadOnlyList<string>> ListRerankersAsync(CancellationToken cancellationToken = default)
    {
        ModelsAnswer models = await _caller
            .CallAsync<ModelsAnswer>(HttpMethod.Get, "v1/rerankers", null, cancellationToken)
            .ConfigureAwait(false);
        return [.. models.Data.Select(model => model.Id)];
    }

    /// <summary>The collections of the service, by name.</summary>
    public async Task<IReadOnlyList<CollectionDescription>> ListCollectionsAsync(CancellationToken cancellationToken = default) =>
        (await _caller.CallAsync<CollectionsAnswer>(HttpMethod.Get, "v1/collections", null, cancellationToken).ConfigureAwait(false)).Data;

    /// <summary>Creates a collection, unless it already exists with the same model.</summary>
    /// <param name="name">Letters, digits, dots, hyphens and underscores, at most 100.</param>
    /// <param name="model">The model of its vectors; the service's first when <see langword="null"/>.</param>
    /// <param name="dimensions">Cut vectors to this length; the model's own when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    public Task<CollectionDescription> CreateCollectionAsync(
        string name,
        string? model = null,
        int? dimensions = null,
        CancellationToken cancellationToken = default
    ) =>
        _caller.CallAsync<CollectionDescription>(
            HttpMethod.Put,
            CollectionClient.PathOf(name),
            ServiceCaller.Json(new CreateRequest(model, dimensions)),
            cancellationToken
        );

    /// <summary>Deletes a collection and all that is in it.</summary>
    public Task DeleteCollectionAsync(string name, CancellationToken cancellationToken = default) =>
        _caller.CallAsync<DeletionAnswer>(HttpMethod.Delete, CollectionClient.PathOf(name), null, cancellationToken);

    /// <summary>Searches several collections and makes one ranking of their results.</summary>
    /// <param name="collections">The names of the collections.</param>
    /// <param name="query">A question, a phrase, a text.</param>
    /// <param name="topK">The most results, of all collections together.</param>
    /// <param name="options">The defaults when <see langword="null"/>. Results are not grouped.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>
    /// By score, where the scores of all collections are comparable; otherwise first the best of each collection, then the second best.
    /// </returns>
    public async Task<IReadOnlyList<FederatedResult>> SearchAsync(
        IEnumerable<string> collections,
        string query,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(collections);
        ArgumentNullException.ThrowIfNull(query);
        options ??= new();
        if (options.GroupBy is not null)
            throw new ArgumentException("Results of several collections cannot be grouped.", nameof(options));
        FederatedRequest request = new(
            collections,
            query,
            topK,
            options.Offset,
            options.Filter,
            options.Mode ?? (options.Hybrid ? SearchMode.Hybrid : null),
            options.RerankModel,
            options.Candidates,
            options.Explain ? true : null,
            options.MinScore
        );
        FederatedAnswer answer = await _caller
            .CallAsync<FederatedAnswer>(HttpMethod.Post, "v1/search", ServiceCaller.Json(request), cancellationToken)
            .ConfigureAwait(false);
        foreach (string note in answer.Notes ?? [])
            options.OnNote?.Invoke(note);
        return
        [
            .. answer.Results.Select(static hit => new FederatedResult(
                hit.Collection,
                new(hit.Rank, hit.Id, hit.Score, hit.Text, hit.Metadata) { ScoreKind = hit.ScoreKind, Stages = hit.Stages }
            )),
        ];
    }

    /// <summary>A collection by its name. Nothing is asked of the service yet.</summary>
    public CollectionClient GetCollection(string name) => new(_caller, name);

    /// <summary>One of the service's models as an embedding generator. Nothing is asked of the service yet.</summary>
    /// <param name="model">One of <see cref="ListModelsAsync"/>.</param>
    /// <param name="dimensions">Cut vectors to this length, unless a request asks for another.</param>
    /// <remarks>
    /// Texts are embedded as documents, unless a request's <c>AdditionalProperties</c> hold <c>input_type</c> = <c>query</c>. The service
    /// takes at most 2,048 texts in one request, unless it is set otherwise.
    /// </remarks>
    public IEmbeddingGenerator<string, Embedding<float>> GetEmbeddingGenerator(string model, int? dimensions = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return new ServiceEmbeddingGenerator(_caller, model, dimensions);
    }

    /// <summary>Closes the connections that are this client's own.</summary>
    public void Dispose() => _own?.Dispose();
}
