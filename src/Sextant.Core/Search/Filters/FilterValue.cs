using System.Text.Json.Nodes;

namespace Sextant.Search.Filters;

/// <summary>
/// A value written in a filter: a <see cref="string"/>, a <see cref="long"/>, a <see cref="double"/> or a <see cref="bool"/>.
/// </summary>
public readonly record struct FilterValue
{
    private FilterValue(object value) => Value = value;

    /// <summary>The value itself.</summary>
    public object Value { get; }

    /// <summary>Whether it is a <see cref="string"/>.</summary>
    public bool IsText => Value is string;

    /// <summary>Whether it is a <see cref="bool"/>.</summary>
    public bool IsBoolean => Value is bool;

    /// <summary>The value as JSON.</summary>
    public JsonValue ToJson() =>
        Value switch
        {
            string text => JsonValue.Create(text),
            bool truth => JsonValue.Create(truth),
            long whole => JsonValue.Create(whole),
            _ => JsonValue.Create((double)Value),
        };

    /// <summary>A text.</summary>
    public static FilterValue Text(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>A whole number.</summary>
    public static FilterValue Number(long value) => new(value);

    /// <summary>A number with a fraction or an exponent.</summary>
    public static FilterValue Number(double value) => new(value);

    /// <summary>True or false.</summary>
    public static FilterValue Boolean(bool value) => new(value);
}
