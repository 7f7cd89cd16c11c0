using System.Globalization;

namespace Sextant.Search.Filters;

/// <summary>Describes the problem with a filter and its position, on one line: <c>year > ▸'x' and …</c>.</summary>
internal static class FilterError
{
    /// <summary>How much of a long filter is shown on either side of the place.</summary>
    private const int Margin = 30;

    public static InputException Create(string filter, int position, string problem, string what = "filter")
    {
        int from = Math.Max(0, position - Margin);
        int to = Math.Min(filter.Length, position + Margin);
        string before = Visible(filter[from..position]),
            after = Visible(filter[position..to]);
        string place = string.Create(CultureInfo.InvariantCulture, $"{what}, character {position + 1}");
        return new InputException($"{place}: {problem}: {(from > 0 ? "…" : "")}{before}▸{after}{(to < filter.Length ? "…" : "")}");
    }

    // An error is a single well-formed line for every filter and every cut.
    private static string Visible(string part) =>
        string.Create(
            part.Length,
            Surrogates.Replace(part),
            (span, source) =>
            {
                for (int i = 0; i < span.Length; i++)
                    span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        );
}
