using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;
using Sextant.Models;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Keys;

namespace Sextant.Server.Mcp;

/// <summary>The tools over standard input and output: what <c>sextant mcp</c> runs.</summary>
public static class McpService
{
    private const string Instructions =
        "Search collections of documents by meaning. Start with list_collections; search in plain words; "
        + "read a result with get_document; find more like it with similar. Long lists have a next_cursor, "
        + "which the next call takes as cursor.";

    /// <summary>
    /// Serves one agent until it closes the input or <paramref name="cancellationToken"/> stops the service. The log goes to standard
    /// error.
    /// </summary>
    /// <param name="options">The folder of collections, and limits.</param>
    /// <param name="models">The registry that opens models by name.</param>
    /// <param name="cancellationToken">Cancels the service.</param>
    public static async Task RunAsync(ServerOptions options, ModelRegistry models, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddServiceLog(builder.Configuration).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddCollections(options, models, Caller.Local);
        AddTools(builder.Services, options).WithStdioServerTransport();
        using IHost host = builder.Build();
        CollectionSet collections = host.Services.GetRequiredService<CollectionSet>();
        await host.StartAsync(cancellationToken);
        await host.WaitForShutdownAsync(cancellationToken);
        await collections.DisposeAsync();
    }

    /// <summary>
    /// Requires posts to an endpoint to declare JSON and to contain valid text; otherwise the protocol's own handler fails.
    /// </summary>
    internal static void RequireJson(EndpointBuilder endpoint)
    {
        RequestDelegate handle = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = async context =>
        {
            if (HttpMethods.IsPost(context.Request.Method))
            {
                if (!context.Request.HasJsonContentType())
                {
                    throw new BadHttpRequestException(
                        "The Content-Type of the body is not JSON.",
                        StatusCodes.Status415UnsupportedMediaType
                    );
                }

                await RequireTextAsync(context.Request, context.RequestAborted);
            }

            await handle(context);
        };
    }

    // The protocol's own handler would answer with the names of types.
    private static async Task RequireTextAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        MemoryStream body = new();
        await request.Body.CopyToAsync(body, cancellationToken);
        body.Position = 0;
        request.Body = body;
        try
        {
            Require(body.GetBuffer().AsSpan(0, (int)body.Length));
        }
        catch (JsonException)
        {
            // Its errors of grammar name the line and the byte.
        }
        catch (InvalidOperationException e) when (JsonComplaint.IsOfText(e))
        {
            throw JsonComplaint.Create(e);
        }

        static void Require(ReadOnlySpan<byte> json)
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = ServerJson.MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    _ = reader.GetString();
            }
        }
    }

    /// <summary>Adds tools, resources and prompts, for any way of speaking to them.</summary>
    internal static IMcpServerBuilder AddTools(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<AgentErrors>();
        services.AddSingleton<CollectionResources>();
        IMcpServerBuilder server = services
            .AddMcpServer(server =>
            {
                server.ServerInfo = new() { Name = "sextant", Version = typeof(McpService).Assembly.GetName().Version!.ToString(3) };
                server.ServerInstructions = Instructions;
            })
            .WithTools<SearchTools>(ServerJson.ForTools)
            .WithPrompts<SearchPrompts>(ServerJson.ForTools)
            .WithListResourcesHandler(
                static async (request, cancellationToken) => await ResourcesOf(request).ListAsync(request.Params?.Cursor, cancellationToken)
            )
            .WithListResourceTemplatesHandler(static (_, _) => ValueTask.FromResult(CollectionResources.Templates()))
            .WithReadResourceHandler(
                static async (request, cancellationToken) => await ResourcesOf(request).ReadAsync(request.Params!.Uri, cancellationToken)
            )
            .WithCompleteHandler(
                static (request, cancellationToken) => ResourcesOf(request).CompleteAsync(request.Params!.Argument, cancellationToken)
            )
            .WithMessageFilters(static filters =>
                filters.AddIncomingFilter(static next =>
                    (context, cancellationToken) =>
                    {
                        ToolCalls.Require(context.JsonRpcMessage);
                        return next(context, cancellationToken);
                    }
                )
            )
            .WithRequestFilters(static filters =>
                filters
                    .AddCallToolFilter(static next => (call, cancellationToken) => ToolCalls.CallAsync(call, next, cancellationToken))
                    .AddListToolsFilter(static next => (list, cancellationToken) => ToolCalls.ListAsync(list, next, cancellationToken))
                    .AddGetPromptFilter(static next => (get, cancellationToken) => ToolCalls.GetAsync(get, next, cancellationToken))
            );
        return options.AllowAgentWrites && !options.ReadOnly ? server.WithTools<WritingTools>(ServerJson.ForTools) : server;
    }

    private static CollectionResources ResourcesOf<T>(RequestContext<T> request) =>
        request.Services!.GetRequiredService<CollectionResources>();
}
