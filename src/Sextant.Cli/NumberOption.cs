using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Sextant.Cli;

/// <summary>Options that take a number in a range, with a clear error for any other value.</summary>
internal static class NumberOption
{
    /// <summary>An optional whole number of at least <paramref name="least"/>.</summary>
    public static Option<int?> Whole(string name, string description, int least) =>
        Create(name, "a whole number", description, least, int.MaxValue);

    /// <summary>A whole number of at least <paramref name="least"/> with a default.</summary>
    public static Option<int> Whole(string name, string description, int least, int byDefault) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => byDefault,
            CustomParser = result => Parse(result, name, "a whole number", least, int.MaxValue) ?? byDefault,
        };

    /// <summary>An optional number between two ends.</summary>
    public static Option<float?> Between(string name, string description, float least, float most) =>
        Create(name, "a number", description, least, most);

    /// <summary>An optional number of any size.</summary>
    public static Option<float?> Finite(string name, string description) =>
        Create(name, "a number", description, float.MinValue, float.MaxValue);

    private static Option<T?> Create<T>(string name, string kind, string description, T least, T most)
        where T : struct, INumber<T> =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result => Parse(result, name, kind, least, most),
        };

    private static T? Parse<T>(ArgumentResult result, string name, string kind, T least, T most)
        where T : struct, INumber<T>
    {
        string typed = result.Tokens[0].Value;
        if (T.TryParse(typed, NumberStyles.Float, CultureInfo.InvariantCulture, out T value) && value >= least && value <= most)
            return value;

        string range =
            least == T.CreateSaturating(float.MinValue) ? ""
            : most == T.CreateSaturating(int.MaxValue) ? $" of at least {least}"
            : $" between {least} and {most}";
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be {kind}{range}, not '{typed}'"));
        return null;
    }
}
