using System.ComponentModel;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;
using Sextant.Server.Api.Documents;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Keys;

namespace Sextant.Server.Mcp;

/// <summary>The tool that changes a collection. It is offered only where the operator allows it, and to callers that may write.</summary>
[McpServerToolType]
internal sealed class WritingTools(
    CollectionSet collections,
    ServerOptions options,
    AgentErrors errors,
    Callers callers,
    ILoggerFactory logs
)
{
    public const string Add = "add_documents";

    private readonly ILogger _logger = logs.CreateLogger(AuditLog.Category);

    [McpServerTool(Name = Add, ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Adds documents to a collection, and replaces those with the same id; all of them or none.")]
    public Task<DocumentsAdded> AddDocumentsAsync(
        [Description("The collection; list_collections has the names.")] string collection,
        [Description("The documents.")] IReadOnlyList<AgentDocument> documents,
        CancellationToken cancellationToken = default
    ) =>
        errors.InToolAsync(async () =>
        {
            try
            {
                if (documents.Count == 0)
                    throw ServiceException.BadRequest("'documents' is empty.", "documents");
                if (documents.Count > options.MaxBatch)
                    throw ServiceException.TooLarge($"{documents.Count} documents", options.MaxBatch, "documents");
                using CollectionLease lease = await collections.UseAsync(collection, cancellationToken, KeyRights.Write);
                try
                {
                    UpsertResult done = await lease.Engine.AddDocumentsAsync(
                        documents.Select(static one => new Document(one.Text) { Id = one.Id, Metadata = one.Metadata }),
                        cancellationToken
                    );
                    Log(collection, "done");
                    return new DocumentsAdded(done.Ids, done.Added, done.Updated, done.Unchanged);
                }
                finally
                {
                    lease.Collection.Changed();
                }
            }
            catch (ServiceException e) when (e.Status == 403)
            {
                Log(collection, "rejected");
                throw;
            }
        });

    // A request to the address of the tools changes nothing by itself, so the log of requests does not have it.
    private void Log(string collection, string result)
    {
        if (callers.Current.IsKey)
            _logger.LogInformation("{Key} MCP {Tool} {Collection} {Result}", callers.Current.Name, Add, collection, result);
    }
}

/// <summary>A document that an agent adds.</summary>
internal sealed record AgentDocument
{
    [Description("The text that is searched.")]
    public required string Text { get; init; }

    [Description("Replaces the document with this id; made from the content when left out.")]
    public string? Id { get; init; }

    [Description("Fields for filters, as an object.")]
    public JsonObject? Metadata { get; init; }
}
