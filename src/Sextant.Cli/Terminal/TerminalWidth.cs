using System.Globalization;

namespace Sextant.Cli.Terminal;

/// <summary>How many columns the terminal has: <c>COLUMNS</c> where it is set, else what the terminal says.</summary>
internal static class TerminalWidth
{
    private const int Usual = 80;
    private const int Least = 20;

    public static int Read() => Choose(Environment.GetEnvironmentVariable("COLUMNS"), Ask());

    /// <summary>A terminal that does not know its width says 0.</summary>
    internal static int Choose(string? columns, int asked) =>
        Math.Max(
            Least,
            int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out int set) && set > 0 ? set
                : asked > 0 ? asked
                : Usual
        );

    private static int Ask()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return 0;
        }
    }
}
