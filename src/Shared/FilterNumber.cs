using System.Globalization;
using System.Numerics;
using Sextant.Search.Filters;

namespace Sextant;

/// <summary>
/// A number as filters compare it in every store: a whole number from -2^63 to 2^63 - 1 exactly, any other as the nearest double.
/// </summary>
internal readonly record struct FilterNumber : IComparable<FilterNumber>
{
    // From here on a double has no fraction, and its shortest form may be another whole number than its value.
    private const double Whole = 1L << 53;

    private readonly long? _whole;
    private readonly double _real;

    private FilterNumber(long? whole, double real) => (_whole, _real) = (whole, real);

    /// <summary>Reads a number as JSON writes it.</summary>
    public static FilterNumber Parse(string json) =>
        long.TryParse(json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            ? Create(whole)
            : Create(double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture));

    public static FilterNumber Create(long value) => new(value, value);

    public static FilterNumber Create(double value) => new(null, value);

    /// <summary>The value of a filter.</summary>
    public static FilterNumber Create(FilterValue value) => value.Value is long whole ? Create(whole) : Create((double)value.Value);

    public int CompareTo(FilterNumber other) =>
        (_whole, other._whole) switch
        {
            ({ } left, { } right) => left.CompareTo(right),
            (null, null) => _real.CompareTo(other._real),
            ({ } left, null) => Compare(left, other._real),
            (null, { } right) => -Compare(right, _real),
        };

    /// <summary>
    /// The number in decimal digits that compare in the same way in unbounded precision; what no double holds is beyond the largest of
    /// them.
    /// </summary>
    public string ToDecimal() =>
        _whole is { } whole ? whole.ToString(CultureInfo.InvariantCulture)
        : double.IsInfinity(_real)
            ? _real > 0 ? "1e309"
                : "-1e309"
        : Math.Abs(_real) >= Whole ? new BigInteger(_real).ToString(CultureInfo.InvariantCulture)
        : _real == 0 ? "0"
        : _real.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>
    /// The one value of equal numbers: a whole number where it is one. <see langword="null"/> beyond every double, where no filter can
    /// compare.
    /// </summary>
    public FilterValue? ToValue() =>
        _whole is { } whole ? FilterValue.Number(whole)
        : !double.IsFinite(_real) ? null
        : _real is >= long.MinValue and < -(double)long.MinValue && Math.Truncate(_real) == _real ? FilterValue.Number((long)_real)
        : FilterValue.Number(_real);

    private static int Compare(long whole, double real) =>
        Math.Abs(real) < Whole || double.IsInfinity(real)
            ? ((double)whole).CompareTo(real)
            : new BigInteger(whole).CompareTo(new BigInteger(real));
}
