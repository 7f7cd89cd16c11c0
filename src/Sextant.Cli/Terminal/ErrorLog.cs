using Microsoft.Extensions.Logging;

namespace Sextant.Cli.Terminal;

/// <summary>
/// The library's log on standard error: warnings always (not with <c>--quiet</c>), or all messages of at least the level
/// <paramref name="least"/>; the rest with <c>--verbose</c>.
/// </summary>
internal sealed class ErrorLog(TextWriter error, bool quiet, bool verbose, LogLevel least = LogLevel.Warning) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The command's log goes to standard error only.");

    public bool IsEnabled(LogLevel logLevel) => logLevel >= (verbose ? LogLevel.Debug : least) && !quiet && logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
            error.WriteLine($"{(logLevel >= LogLevel.Warning ? "note: " : "")}{formatter(state, exception)}");
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose() { }
}
