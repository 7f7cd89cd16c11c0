using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Sextant.Search;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Models;

namespace Sextant.Server.Mcp;

/// <summary>Collections and documents as resources, which a user attaches to a conversation.</summary>
internal sealed class CollectionResources(CollectionSet collections, AgentErrors errors)
{
    private const int PageSize = 100;
    private const string Root = "sextant://collections/",
        Documents = "/documents/";
    private const string CollectionTemplate = Root + "{collection}",
        DocumentTemplate = CollectionTemplate + Documents + "{id}";

    /// <summary>Lists the collections that the caller may read. Documents are found by tools, and read by their address.</summary>
    public async Task<ListResourcesResult> ListAsync(string? cursor, CancellationToken cancellationToken) =>
        await errors.InRequestAsync(async () =>
        {
            (IReadOnlyList<string> names, string? next) = NameCursor.PageOf(
                await collections.ReadableNamesAsync(cancellationToken),
                cursor,
                PageSize
            );
            return new ListResourcesResult
            {
                Resources =
                [
                    .. names.Select(static name => new Resource
                    {
                        Name = name,
                        Uri = Root + name,
                        Description = $"The collection {name}: its size and model.",
                        MimeType = "application/json",
                    }),
                ],
                NextCursor = next,
            };
        });

    public static ListResourceTemplatesResult Templates() =>
        new()
        {
            ResourceTemplates =
            [
                new()
                {
                    Name = "collection",
                    UriTemplate = CollectionTemplate,
                    Description = "A collection: its size and model.",
                    MimeType = "application/json",
                },
                new()
                {
                    Name = "document",
                    UriTemplate = DocumentTemplate,
                    Description = "The text of a document, by its id as in search results.",
                    MimeType = "text/plain",
                },
            ],
        };

    /// <exception cref="McpProtocolException">There is no such resource, or the caller may not read it.</exception>
    public Task<ReadResourceResult> ReadAsync(string uri, CancellationToken cancellationToken) =>
        errors.InRequestAsync(
            async () =>
            {
                (string name, string? id) = Parse(uri);
                using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
                ResourceContents contents = id is null
                    ? await DescribeAsync(uri, name, lease.Engine, cancellationToken)
                    : ContentsOf(uri, await lease.Engine.GetAsync(id, cancellationToken) ?? throw ServiceException.NoDocument(id));
                return new ReadResourceResult { Contents = [contents] };
            },
            McpErrorCode.ResourceNotFound
        );

    /// <summary>The text of a document as a resource.</summary>
    public static TextResourceContents ContentsOf(string collection, string id, string text, JsonObject? metadata) =>
        ContentsOf($"{Root}{collection}{Documents}{Uri.EscapeDataString(id)}", new(text) { Id = id, Metadata = metadata });

    /// <summary>Completes the name of a collection.</summary>
    public async ValueTask<CompleteResult> CompleteAsync(Argument argument, CancellationToken cancellationToken)
    {
        if (argument.Name != "collection")
            return new() { Completion = new() { Values = [] } };
        string[] names =
        [
            .. (await collections.ReadableNamesAsync(cancellationToken)).Where(name =>
                name.StartsWith(argument.Value, StringComparison.OrdinalIgnoreCase)
            ),
        ];
        return new()
        {
            Completion = new()
            {
                Values = [.. names.Take(PageSize)],
                Total = names.Length,
                HasMore = names.Length > PageSize,
            },
        };
    }

    private static async Task<ResourceContents> DescribeAsync(
        string uri,
        string name,
        SemanticSearchEngine engine,
        CancellationToken cancellationToken
    )
    {
        CollectionInfo info = await engine.GetInfoAsync(cancellationToken);
        JsonObject described = new()
        {
            ["name"] = name,
            ["documents"] = info.Documents,
            ["model"] = ModelName.Public(info.Model.Name),
            ["dimensions"] = info.Dimensions,
            ["created"] = info.Created,
        };
        return new TextResourceContents
        {
            Uri = uri,
            MimeType = "application/json",
            Text = described.ToJsonString(ServerJson.Options),
        };
    }

    private static TextResourceContents ContentsOf(string uri, Document document) =>
        new()
        {
            Uri = uri,
            MimeType = "text/plain",
            Text = document.Text,
            Meta = document.Metadata is { Count: > 0 } metadata ? new JsonObject { ["metadata"] = metadata.DeepClone() } : null,
        };

    private static (string Collection, string? Id) Parse(string uri)
    {
        if (!uri.StartsWith(Root, StringComparison.Ordinal))
            throw Unknown();
        string path = uri[Root.Length..];
        int at = path.IndexOf('/', StringComparison.Ordinal);
        if (at < 0)
            return (Uri.UnescapeDataString(path), null);
        string rest = path[at..];
        return rest.Length > Documents.Length && rest.StartsWith(Documents, StringComparison.Ordinal)
            ? (Uri.UnescapeDataString(path[..at]), Uri.UnescapeDataString(rest[Documents.Length..]))
            : throw Unknown();

        ServiceException Unknown() => new(404, $"There is no resource '{uri}'; use {CollectionTemplate} or {DocumentTemplate}.", "uri");
    }
}
