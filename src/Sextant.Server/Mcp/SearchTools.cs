using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using Sextant.Server.Api;
using Sextant.Server.Api.Search;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Models;

namespace Sextant.Server.Mcp;

/// <summary>The collections as tools for an agent. They read and search, and change nothing.</summary>
[McpServerToolType]
internal sealed class SearchTools(CollectionSet collections, Searches searches, ServedRerankers rerankers, LocalPaths paths)
{
    private const int UsualCount = 5;

    [McpServerTool(Name = "list_collections", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lists the searchable collections with their number of documents, and the models that can rerank.")]
    public async Task<CollectionSummaries> ListCollectionsAsync(CancellationToken cancellationToken)
    {
        List<CollectionSummary> found = [];
        foreach (string name in await collections.ReadableNamesAsync(cancellationToken))
        {
            await TellAsync(async () =>
            {
                using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
                found.Add(new(name, await lease.Engine.CountAsync(cancellationToken), ModelName.Public(lease.Engine.Model.Name)));
                return true;
            });
        }

        return new(found, rerankers.Names);
    }

    [McpServerTool(Name = "search", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description(
        "Finds the documents of a collection most similar to a query. Scores are cosine similarities, from -1 to 1, "
            + "unless score_kind has another value."
    )]
    public Task<SearchResponse> SearchAsync(
        [Description("The collection to search; list_collections has the names.")] string collection,
        [Description("The query, in plain words.")] string query,
        [Description("The maximum number of results.")] int k = UsualCount,
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
        TellAsync(async () =>
        {
            using CollectionLease lease = await collections.UseAsync(collection, cancellationToken);
            Document found = await lease.Engine.GetAsync(id, cancellationToken) ?? throw ServiceException.NoDocument(id);
            return new DocumentContent(found.Id!, found.Text, found.Metadata ?? []);
        });

    private Task<SearchResponse> FindAsync(string collection, SearchRequest request, CancellationToken cancellationToken) =>
        TellAsync(async () =>
        {
            using CollectionLease lease = await collections.UseAsync(collection, cancellationToken);
            return await searches.RunAsync(request, lease.Engine, cancellationToken);
        });

    // An agent needs the reason to correct a wrong call; for other failures it only learns that the call failed.
    private async Task<T> TellAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is ServiceException or SextantException)
        {
            throw new McpException(e is ServiceException ? e.Message : paths.Remove(e.Message), e);
        }
    }
}

/// <summary>The answer of <c>get_document</c>.</summary>
internal sealed record DocumentContent(string Id, string Text, JsonObject Metadata);

/// <summary>The answer of <c>list_collections</c>.</summary>
internal sealed record CollectionSummaries(IReadOnlyList<CollectionSummary> Collections, IReadOnlyList<string> Rerankers);

/// <summary>A collection as an agent needs to know it.</summary>
internal sealed record CollectionSummary(string Name, long Documents, string Model);
