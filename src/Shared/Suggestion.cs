namespace Sextant;

/// <summary>Suggests the most likely intended name for one that does not exist.</summary>
internal static class Suggestion
{
    /// <summary>The known name most similar to the typed one, or <see langword="null"/> if none is similar.</summary>
    /// <param name="typed">The name that does not exist.</param>
    /// <param name="names">The names that do.</param>
    public static string? Nearest(string typed, IEnumerable<string> names)
    {
        string lower = typed.ToLowerInvariant();
        // At most two edits, and never more than half of the typed name: "xy" is not a misspelled "mcp".
        int most = Math.Min(2, typed.TrimStart('-').Length / 2);
        (string? name, int distance) = names
            .Where(name => Math.Abs(name.Length - typed.Length) <= most)
            .Select(name => ((string?)name, EditDistance.Between(lower, name.ToLowerInvariant())))
            .DefaultIfEmpty((null, int.MaxValue))
            // Of names that are equally near, the one as long as the typed one: an exchanged letter is more common than a missing one.
            .MinBy(pair => (pair.Item2, Math.Abs((pair.Item1?.Length ?? 0) - typed.Length)));
        if (distance <= most)
            return name;
        // "cos" begins only one of cosine, dot and euclidean.
        string[] longer =
            typed.Length < 2 ? [] : [.. names.Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Take(2)];
        return longer is [string only] ? only : null;
    }

    /// <summary>" (did you mean 'NAME'?)" when a name is near, else nothing: for the middle of a message.</summary>
    public static string AskWithin(string typed, IEnumerable<string> names) =>
        Nearest(typed, names) is { } near ? $" (did you mean '{near}'?)" : "";

    /// <summary>"; did you mean 'NAME'?" when a name is near, else nothing: the end of a message.</summary>
    public static string Ask(string typed, IEnumerable<string> names) =>
        Nearest(typed, names) is { } near ? $"; did you mean '{near}'?" : "";
}
