using System.Globalization;
using Sextant.Cli.Terminal;

namespace Sextant.Cli.Commands;

/// <summary>Prints a run's usage of hosted models in one line at its end.</summary>
internal static class UsageNote
{
    public static void Show(Shell shell)
    {
        if (ChosenModel.Usage is { Requests: > 0 } usage)
        {
            shell.Note(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"used {usage.Requests:N0} request{(usage.Requests == 1 ? "" : "s")}, {usage.Tokens:N0} tokens, {Dollars(usage.Usd)}"
                )
            );
        }
    }

    /// <summary>An amount with enough digits to distinguish it from zero.</summary>
    public static string Dollars(decimal? usd) =>
        usd switch
        {
            null => "price unknown",
            0 => "$0",
            < 0.01m => string.Create(CultureInfo.InvariantCulture, $"${usd:0.########}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"${usd:N2}"),
        };
}
