using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Sextant.Models;
using Sextant.Server.Collections;
using Sextant.Text;

namespace Sextant.Server.Mcp;

/// <summary>The tools over standard input and output: what <c>sextant mcp</c> runs.</summary>
public static class McpService
{
    private const string Instructions = "Search collections of documents by meaning. Begin with list_collections; search in plain words; "
        + "read what was found with get_document; look for more of it with similar.";

    /// <summary>Serves one agent until it closes the input or <paramref name="cancellationToken"/> stops the service. The log goes to standard error.</summary>
    /// <param name="options">The folder of collections, and limits.</param>
    /// <param name="models">Where models are opened by name.</param>
    /// <param name="cancellationToken">Stops the service.</param>
    public static async Task RunAsync(ServerOptions options, ModelRegistry models, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddServiceLog(builder.Configuration).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddCollections(options, models);
        AddTools(builder.Services).WithStdioServerTransport();
        using IHost host = builder.Build();
        CollectionSet collections = host.Services.GetRequiredService<CollectionSet>();
        await host.StartAsync(cancellationToken);
        await host.WaitForShutdownAsync(cancellationToken);
        await collections.DisposeAsync();
    }

    /// <summary>Has what is posted to an endpoint said to be JSON: the protocol's own handler fails where it is not.</summary>
    internal static void RequireJson(EndpointBuilder endpoint)
    {
        RequestDelegate handle = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => !HttpMethods.IsPost(context.Request.Method) || context.Request.HasJsonContentType()
            ? handle(context)
            : throw new BadHttpRequestException("The body is not said to be JSON.", StatusCodes.Status415UnsupportedMediaType);
    }

    /// <summary>Adds the tools, for any way of speaking to them.</summary>
    internal static IMcpServerBuilder AddTools(IServiceCollection services) => services
        .AddMcpServer(server =>
        {
            server.ServerInfo = new() { Name = "sextant", Version = typeof(McpService).Assembly.GetName().Version!.ToString(3) };
            server.ServerInstructions = Instructions;
        })
        .WithTools<SearchTools>(ServerJson.ForTools)
        .WithMessageFilters(static filters => filters.AddIncomingFilter(static next => (context, cancellationToken) =>
            context.JsonRpcMessage is JsonRpcRequest { Params: { } given } && Surrogates.AreIn(given)
                ? throw new McpProtocolException($"the parameters hold {Surrogates.Description}", McpErrorCode.InvalidParams)
                : next(context, cancellationToken)))
        .WithRequestFilters(static filters => filters.AddCallToolFilter(static next => (call, cancellationToken) =>
            call.MatchedPrimitive is McpServerTool tool && ToolArguments.Fault(tool.ProtocolTool.InputSchema, call.Params?.Arguments) is { } fault
                ? ValueTask.FromResult(new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = $"{tool.ProtocolTool.Name}: {fault}" }] })
                : next(call, cancellationToken)));
}
