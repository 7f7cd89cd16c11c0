using System.Globalization;
using Sextant.Models.Hub;

namespace Sextant.Cli.Terminal;

/// <summary>
/// Shows the progress of a model download: a bar on standard error that is redrawn in place and erased at the end. Without a terminal, a
/// single line at the start.
/// </summary>
internal sealed class DownloadLine(TextWriter error, bool moving) : IProgress<HubProgress>
{
    private const int BarWidth = 24;
    private const double Mebibyte = 1 << 20;
    private const long BetweenDrawings = 100;

    private readonly Lock _lock = new();
    private string? _announced;
    private long _drawn = -BetweenDrawings;

    /// <summary>The line for this terminal; <see langword="null"/> with <c>--quiet</c>.</summary>
    public static DownloadLine? Create(bool quiet) =>
        quiet
            ? null
            : new DownloadLine(Console.Error, !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb");

    public void Report(HubProgress value)
    {
        lock (_lock)
        {
            if (!moving)
            {
                if (_announced != value.Model)
                    error.WriteLine($"downloading {_announced = value.Model}");
                return;
            }
            bool done = value.BytesTotal > 0 && value.BytesDone >= value.BytesTotal;
            if (!done && Environment.TickCount64 - _drawn < BetweenDrawings)
                return;
            _drawn = Environment.TickCount64;
            // "\e[K" erases the rest of a longer line.
            error.Write(done ? "\r\e[K" : $"\r{Draw(value)}\e[K");
        }
    }

    private static string Draw(HubProgress value)
    {
        if (value.BytesTotal == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{value.File}  {value.BytesDone / Mebibyte:N1} MiB");
        double part = (double)value.BytesDone / value.BytesTotal;
        int full = (int)(part * BarWidth);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{value.File}  [{new string('#', full)}{new string('.', BarWidth - full)}] {part, 4:P0}  {value.BytesDone / Mebibyte:N1} of "
                + $"{value.BytesTotal / Mebibyte:N1} MiB"
        );
    }
}
