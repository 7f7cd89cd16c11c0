using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Sextant.Server.Mcp;

/// <summary>Validates an agent's messages before a tool is called, so that every error describes the problem.</summary>
internal static class ToolCalls
{
    // What the protocol's own handlers read the parameters as; they answer "An error occurred." where that fails.
    private static readonly Dictionary<string, Type> Parameters = new(StringComparer.Ordinal)
    {
        [RequestMethods.Initialize] = typeof(InitializeRequestParams),
        [RequestMethods.ToolsList] = typeof(ListToolsRequestParams),
        [RequestMethods.ToolsCall] = typeof(CallToolRequestParams),
    };

    /// <exception cref="McpProtocolException">The parameters of a request are not what its method takes.</exception>
    public static void Require(JsonRpcMessage message)
    {
        if (message is not JsonRpcRequest { Params: { } given } request)
            return;
        try
        {
            // An object with a name that occurs twice throws here.
            if (Surrogates.AreIn(given))
                throw Invalid(request, $"they contain {Surrogates.Description}");
            if (!Parameters.TryGetValue(request.Method, out Type? type))
                return;
            _ = given.Deserialize(type, McpJsonUtilities.DefaultOptions) ?? throw Invalid(request, "they are null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            string at = e is JsonException { Path: { Length: > 1 } path }
                ? $"look at {path.TrimStart('$').TrimStart('.')}"
                : "they have the wrong form";
            throw Invalid(request, at);
        }
    }

    /// <summary>Calls a tool whose arguments are right; what a tool says of an error is the answer of the call.</summary>
    public static async ValueTask<CallToolResult> CallAsync(
        RequestContext<CallToolRequestParams> call,
        McpRequestHandler<CallToolRequestParams, CallToolResult> next,
        CancellationToken cancellationToken
    )
    {
        if (call.MatchedPrimitive is not McpServerTool { ProtocolTool: var tool })
            return await next(call, cancellationToken);
        if (ToolArguments.Fault(tool.InputSchema, call.Params?.Arguments) is { } fault)
            return Error($"{tool.Name}: {fault}");
        try
        {
            return await next(call, cancellationToken);
        }
        catch (McpException e) when (e is not McpProtocolException)
        {
            return Error(e.Message);
        }
    }

    private static CallToolResult Error(string text) => new() { IsError = true, Content = [new TextContentBlock { Text = text }] };

    private static McpProtocolException Invalid(JsonRpcRequest request, string what) =>
        new($"the parameters of {request.Method} are invalid: {what}", McpErrorCode.InvalidParams);
}
