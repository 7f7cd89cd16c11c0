using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sextant.Server.Api;
using Sextant.Server.Keys;

namespace Sextant.Server.Http;

/// <summary>Logs which key changed what, and every request that was rejected for its key, once the service has keys.</summary>
internal sealed class AuditLog(RequestDelegate next, ApiKeys keys, ILoggerFactory logs)
{
    /// <summary>The category of the log.</summary>
    public const string Category = "Sextant.Server.Audit";

    private readonly ILogger _logger = logs.CreateLogger(Category);

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        bool changes = context.GetEndpoint()?.Metadata.GetMetadata<ChangesData>() is not null;
        if (
            !keys.Required
            || !(changes || context.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
        )
        {
            return;
        }

        _logger.LogInformation(
            "{Key} {Method} {Path} {Status} from {Address}",
            Caller.Of(context)?.Name ?? "no key",
            context.Request.Method,
            // Escaped, so that no id can write lines of its own.
            context.Request.Path.ToUriComponent(),
            context.Response.StatusCode.ToString(CultureInfo.InvariantCulture),
            context.Connection.RemoteIpAddress?.ToString() ?? "local"
        );
    }
}
