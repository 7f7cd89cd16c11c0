using System.Globalization;

namespace Sextant.Plotting;

/// <summary>One of several plots in a picture.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Data">Its points.</param>
/// <param name="Context">
/// For each point whether it is only context, gray and without annotation; <see langword="null"/> if none is.
/// </param>
public sealed record PlotPanel(string Title, MapData Data, IReadOnlyList<bool>? Context = null)
{
    private const int MostPanels = 100;

    /// <summary>
    /// Small multiples: a panel for each value of a field, the most frequent first, with its points in color and all others as context.
    /// </summary>
    /// <param name="data">The points.</param>
    /// <param name="field">The name of the field.</param>
    /// <param name="most">How many panels there are at most, 1 to 100.</param>
    /// <exception cref="InputException">The field does not exist, or no point has a value of it.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is out of range.</exception>
    public static IReadOnlyList<PlotPanel> Facet(MapData data, string field, int most = 24)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MostPanels);
        IReadOnlyList<string?> values = data.Field(field).Values;
        (string Value, int Count)[] kinds =
        [
            .. values
                .OfType<string>()
                .CountBy(value => value)
                .OrderByDescending(kind => kind.Value)
                .ThenBy(kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => (kind.Key, kind.Value)),
        ];
        if (kinds.Length == 0)
            throw new InputException($"no point has a value of the field '{field}'");
        return
        [
            .. kinds
                .Take(most)
                .Select(kind => new PlotPanel(
                    string.Create(CultureInfo.InvariantCulture, $"{(kind.Value.Length == 0 ? "(empty)" : kind.Value)} ({kind.Count:N0})"),
                    data,
                    [.. values.Select(value => value != kind.Value)]
                )),
        ];
    }
}
