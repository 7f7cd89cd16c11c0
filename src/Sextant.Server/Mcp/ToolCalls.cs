using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Sextant.Server.Keys;

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
        [RequestMethods.ResourcesList] = typeof(ListResourcesRequestParams),
        [RequestMethods.ResourcesRead] = typeof(ReadResourceRequestParams),
        [RequestMethods.ResourcesTemplatesList] = typeof(ListResourceTemplatesRequestParams),
        [RequestMethods.PromptsList] = typeof(ListPromptsRequestParams),
        [RequestMethods.PromptsGet] = typeof(GetPromptRequestParams),
        [RequestMethods.CompletionComplete] = typeof(CompleteRequestParams),
    };

    // Spelled exactly: the protocol's own reader ignores case in one place and not in another.
    private static readonly Dictionary<string, string[]> Required = new(StringComparer.Ordinal)
    {
        [RequestMethods.ResourcesRead] = ["uri"],
        [RequestMethods.PromptsGet] = ["name"],
        [RequestMethods.CompletionComplete] = ["ref", "argument"],
    };

    /// <exception cref="McpProtocolException">The parameters of a request are not what its method takes.</exception>
    public static void Require(JsonRpcMessage message)
    {
        if (message is not JsonRpcRequest request)
            return;
        if (MissingIn(request) is { } missing)
            throw Invalid(request, $"'{missing}' is missing");
        if (request.Params is not { } given)
            return;
        if (Surrogates.AreIn(given))
            throw Invalid(request, $"they contain {Surrogates.Description}");
        if (!Parameters.TryGetValue(request.Method, out Type? type))
            return;
        try
        {
            object read = given.Deserialize(type, McpJsonUtilities.DefaultOptions) ?? throw Invalid(request, "they are null");
            if (read is CompleteRequestParams { Argument: not { Name: not null, Value: not null } })
                throw Invalid(request, "'argument' needs 'name' and 'value'");
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
        catch (JsonException e)
        {
            return Error($"{tool.Name}: the arguments are invalid, look at {e.Path?.TrimStart('$').TrimStart('.')}");
        }
    }

    /// <summary>Lists the tools that the caller has a right for.</summary>
    public static async ValueTask<ListToolsResult> ListAsync(
        RequestContext<ListToolsRequestParams> list,
        McpRequestHandler<ListToolsRequestParams, ListToolsResult> next,
        CancellationToken cancellationToken
    )
    {
        ListToolsResult result = await next(list, cancellationToken);
        if (!list.Services!.GetRequiredService<Callers>().Current.MayAnywhere(KeyRights.Write))
            result.Tools = [.. result.Tools.Where(static tool => tool.Name != WritingTools.Add)];
        return result;
    }

    /// <summary>Gets a prompt whose arguments are right.</summary>
    /// <exception cref="McpProtocolException">An argument is missing, unknown or no text.</exception>
    public static ValueTask<GetPromptResult> GetAsync(
        RequestContext<GetPromptRequestParams> get,
        McpRequestHandler<GetPromptRequestParams, GetPromptResult> next,
        CancellationToken cancellationToken
    )
    {
        if (get.MatchedPrimitive is McpServerPrompt { ProtocolPrompt: var prompt })
        {
            IDictionary<string, JsonElement> given = get.Params?.Arguments ?? new Dictionary<string, JsonElement>();
            string[] known = [.. (prompt.Arguments ?? []).Select(static argument => argument.Name)];
            string? fault =
                known.FirstOrDefault(name => !given.ContainsKey(name)) is { } missing ? $"the argument '{missing}' is missing"
                : given.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown
                    ? $"unknown argument '{unknown}'; this prompt takes {string.Join(", ", known)}"
                : given.FirstOrDefault(static one => one.Value.ValueKind != JsonValueKind.String) is { Key: { } wrong }
                    ? $"the argument '{wrong}' must be a string"
                : null;
            if (fault is not null)
                throw new McpProtocolException($"{prompt.Name}: {fault}", McpErrorCode.InvalidParams);
        }

        return next(get, cancellationToken);
    }

    private static string? MissingIn(JsonRpcRequest request) =>
        Required.TryGetValue(request.Method, out string[]? names)
            ? names.FirstOrDefault(name => request.Params is not JsonObject given || given[name] is null)
            : null;

    private static CallToolResult Error(string text) => new() { IsError = true, Content = [new TextContentBlock { Text = text }] };

    private static McpProtocolException Invalid(JsonRpcRequest request, string what) =>
        new($"the parameters of {request.Method} are invalid: {what}", McpErrorCode.InvalidParams);
}
