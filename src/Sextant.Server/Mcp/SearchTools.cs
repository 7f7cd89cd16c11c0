using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelContextProtocol.Server;
using Sextant.Search.Filters;
using Sextant.Search.Updates;
using Sextant.Server.Api;
using Sextant.Server.Api.Search;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Models;

namespace Sextant.Server.Mcp;

/// <summary>The collections as tools for an agent. They read and search, and change nothing.</summary>
[McpServerToolType]
internal sealed class SearchTools(CollectionSet collections, Searches searches, ServedRerankers rerankers, AgentErrors errors)
{
    private const int UsualCount = 5;
    private const int CollectionsPerPage = 50;
    private const int UsualPage = 20;
    private const int LargestPage = 100;

    [McpServerTool(Name = "list_collections", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lists the searchable collections with their number of documents, and the models that can rerank.")]
    public Task<CollectionSummaries> ListCollectionsAsync(
        [Description("The next_cursor of the page before.")] string? cursor = null,
        CancellationToken cancellationToken = default
    ) =>
        errors.InToolAsync(async () =>
        {
            (IReadOnlyList<string> names, string? next) = NameCursor.PageOf(
                await collections.ReadableNamesAsync(cancellationToken),
                cursor,
                CollectionsPerPage
            );
            List<CollectionSummary> found = [];
            foreach (string name in names)
            {
                using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
                found.Add(new(name, await lease.Engine.CountAsync(cancellationToken), ModelName.Public(lease.Engine.Model.Name)));
            }

            return new CollectionSummaries(found, rerankers.Names) { NextCursor = next };
        });

    [McpServerTool(Name = "list_documents", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lists the documents of a collection page by page, in the order in which they were added.")]
    public Task<DocumentPageContent> ListDocumentsAsync(
        [Description("The collection.")] string collection,
        [Description("A condition on the metadata, for example: lang = 'en' and year >= 2020")] string? filter = null,
        [Description("The maximum number of documents of a page, up to 100.")] int limit = UsualPage,
        [Description("The next_cursor of the page before.")] string? cursor = null,
        CancellationToken cancellationToken = default
    ) =>
        errors.InToolAsync(async () =>
        {
            if (limit is < 1 or > LargestPage)
                throw ServiceException.BadRequest($"'limit' must be from 1 to {LargestPage}.", "limit");
            using CollectionLease lease = await collections.UseAsync(collection, cancellationToken);
            DocumentPage page = await lease.Engine.ListPageAsync(
                string.IsNullOrEmpty(cursor) ? null : cursor,
                limit,
                filter is null ? null : FilterExpression.Parse(filter),
                cancellationToken
            );
            return new DocumentPageContent([.. page.Documents.Select(Content)]) { NextCursor = page.Next };
        });

    [McpServerTool(Name = "search", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description(
        "Finds the documents of a collection most similar to a query. Scores are cosine similarities, from -1 to 1, "
            + "unless score_kind has another value."
    )]
    public Task<SearchResponse> SearchAsync(
        [Description("The collection to search; list_collections has the names.")] string collection,
        [Description("The query, in plain words.")] string query,
        [Description("The maximum number of results.")] int k = UsualCount,
        [Description("The number of best results to skip, for the next page.")] int offset = 0,
        [Description("A condition on the metadata, for example: lang = 'en' and year >= 2020")] string? filter = null,
        [Description("Rank by meaning (semantic), by words (keyword: names, codes, exact phrases), or by both (hybrid).")]
        [AllowedValues(SearchModeName.Semantic, SearchModeName.Keyword, SearchModeName.Hybrid)]
            string? mode = null,
        [Description("A short form of the mode hybrid.")] bool? hybrid = null,
        [Description("A stronger model that reranks the best candidates: slower and better; list_collections has the names.")]
            string? rerank = null,
        [Description("How many of the best documents the reranker orders; 100 by default.")] int? candidates = null,
        CancellationToken cancellationToken = default
    ) =>
        FindAsync(
            collection,
            new()
            {
                Query = query,
                K = k,
                Offset = offset,
                Filter = filter,
                Mode = mode,
                Hybrid = hybrid,
                Rerank = rerank,
                Candidates = candidates,
            },
            cancellationToken
        );

    [McpServerTool(Name = "similar", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Finds the documents of a collection most similar to one of its documents.")]
    public Task<SearchResponse> SimilarAsync(
        [Description("The collection.")] string collection,
        [Description("The id of the document, as in search results.")] string id,
        [Description("The maximum number of results.")] int k = UsualCount,
        [Description("A condition on the metadata.")] string? filter = null,
        CancellationToken cancellationToken = default
    ) =>
        FindAsync(
            collection,
            new()
            {
                Id = id,
                K = k,
                Filter = filter,
            },
            cancellationToken
        );

    [McpServerTool(Name = "get_document", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Reads one document with its metadata.")]
    public Task<DocumentContent> GetDocumentAsync(
        [Description("The collection.")] string collection,
        [Description("The id of the document, as in search results.")] string id,
        CancellationToken cancellationToken = default
    ) =>
        errors.InToolAsync(async () =>
        {
            using CollectionLease lease = await collections.UseAsync(collection, cancellationToken);
            return Content(await lease.Engine.GetAsync(id, cancellationToken) ?? throw ServiceException.NoDocument(id));
        });

    private static DocumentContent Content(Document document) => new(document.Id!, document.Text, document.Metadata ?? []);

    private Task<SearchResponse> FindAsync(string collection, SearchRequest request, CancellationToken cancellationToken) =>
        errors.InToolAsync(async () =>
        {
            using CollectionLease lease = await collections.UseAsync(collection, cancellationToken);
            return (await searches.RunAsync(request, lease.Engine, cancellationToken)).ToResponse();
        });
}

/// <summary>The answer of <c>get_document</c>.</summary>
internal sealed record DocumentContent(string Id, string Text, JsonObject Metadata);

/// <summary>The answer of <c>list_collections</c>.</summary>
internal sealed record CollectionSummaries(IReadOnlyList<CollectionSummary> Collections, IReadOnlyList<string> Rerankers)
{
    /// <summary>The <c>cursor</c> of the next page; left out on the last one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }
}

/// <summary>The answer of <c>list_documents</c>.</summary>
internal sealed record DocumentPageContent(IReadOnlyList<DocumentContent> Documents)
{
    /// <summary>The <c>cursor</c> of the next page; left out on the last one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }
}

/// <summary>A collection as an agent needs to know it.</summary>
internal sealed record CollectionSummary(string Name, long Documents, string Model);
