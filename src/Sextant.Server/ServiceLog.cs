using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Sextant.Server;

/// <summary>The log, on standard error: lines for a person, or JSON for a program (<c>SEXTANT_LOG=json</c>).</summary>
internal static class ServiceLog
{
    /// <summary>
    /// Turns off the log of requests, for which the framework makes an activity and a scope even if nothing is written. Settings that name
    /// its category turn it on.
    /// </summary>
    public static ILoggingBuilder OmitRequests(this ILoggingBuilder logging) =>
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

    public static ILoggingBuilder AddServiceLog(this ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // Both log why the service did not start, with a stack; the caller gets to know that by the exception.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level is LogLevel.Warning or LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level is LogLevel.Warning or LogLevel.Error);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return configuration["Sextant:Log"] == "json"
            ? logging.AddJsonConsole(json => json.UseUtcTimestamp = true)
            : logging.AddSimpleConsole(simple => (simple.SingleLine, simple.TimestampFormat) = (true, "HH:mm:ss "));
    }
}
