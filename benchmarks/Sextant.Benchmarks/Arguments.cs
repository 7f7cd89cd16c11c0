using System.Globalization;

namespace Sextant.Benchmarks;

/// <summary>The options of a benchmark: <c>--name value</c>, or <c>--name</c> alone. Unknown options are rejected.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string?> _given = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public Arguments(IReadOnlyList<string> args)
    {
        for (int i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                throw new InputException($"{args[i]}: not an option; options begin with --");
            bool hasValue = i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            _given[args[i]] = hasValue ? args[++i] : null;
        }
    }

    public string? Text(string name)
    {
        _known.Add(name);
        return _given.GetValueOrDefault(name);
    }

    public bool Flag(string name)
    {
        _known.Add(name);
        return _given.ContainsKey(name);
    }

    public int Number(string name, int otherwise) => Text(name) is { } text ? Parse(name, text) : otherwise;

    public int[] Numbers(string name, string otherwise) => [.. (Text(name) ?? otherwise).Split(',').Select(part => Parse(name, part))];

    public void RefuseOthers()
    {
        if (_given.Keys.FirstOrDefault(name => !_known.Contains(name)) is { } unknown)
            throw new InputException($"{unknown}: no such option; there are {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
    }

    private static int Parse(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new InputException($"{name} {text}: not a whole number");
}
