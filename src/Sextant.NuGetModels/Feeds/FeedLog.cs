using Microsoft.Extensions.Logging;
using NuGet.Common;
using ILogger = Microsoft.Extensions.Logging.ILogger;
using LogLevel = NuGet.Common.LogLevel;

namespace Sextant.NuGetModels.Feeds;

/// <summary>NuGet's messages on our log. What NuGet warns of is shown; what it reports of each request is detail.</summary>
internal sealed class FeedLog(ILogger logger) : LoggerBase
{
    public override void Log(ILogMessage message)
    {
        Microsoft.Extensions.Logging.LogLevel level = message.Level switch
        {
            LogLevel.Error or LogLevel.Warning => Microsoft.Extensions.Logging.LogLevel.Warning,
            LogLevel.Minimal or LogLevel.Information => Microsoft.Extensions.Logging.LogLevel.Debug,
            _ => Microsoft.Extensions.Logging.LogLevel.Trace,
        };
        if (logger.IsEnabled(level))
        {
#pragma warning disable CA1848 // The messages are another library's.
            logger.Log(level, "NuGet: {Message}", message.Message);
#pragma warning restore CA1848
        }
    }

    public override Task LogAsync(ILogMessage message)
    {
        Log(message);
        return Task.CompletedTask;
    }
}
