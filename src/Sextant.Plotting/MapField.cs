using System.Globalization;

namespace Sextant.Plotting;

/// <summary>One thing that is known of every point, such as a topic or a year.</summary>
public sealed class MapField
{
    /// <summary>Numbers with more distinct values than the palette has colors are shown on a scale.</summary>
    private const int MostKindsOfNumber = 10;

    private readonly Lazy<double[]?> _numbers;

    /// <summary>Makes a field.</summary>
    /// <param name="name">The name of the field.</param>
    /// <param name="values">A value for each point; <see langword="null"/> where it is not known.</param>
    public MapField(string name, IReadOnlyList<string?> values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);
        (Name, Values) = (name, values);
        _numbers = new(FindNumbers);
    }

    private MapField(string name, IReadOnlyList<double> numbers)
    {
        Name = name;
        Values = [.. numbers.Select(static number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : null)];
        _numbers = new([.. numbers.Select(static number => double.IsFinite(number) ? number : double.NaN)]);
    }

    /// <summary>Makes a field of numbers, which are shown on a scale however few they are.</summary>
    /// <param name="name">The name of the field.</param>
    /// <param name="numbers">A number for each point; NaN where it is not known. At least one is known.</param>
    /// <exception cref="ArgumentException">No number is known.</exception>
    public static MapField OfNumbers(string name, IReadOnlyList<double> numbers)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(numbers);
        return numbers.Any(double.IsFinite) ? new(name, numbers) : throw new ArgumentException("No number is known.", nameof(numbers));
    }

    /// <summary>The name of the field.</summary>
    public string Name { get; }

    /// <summary>A value for each point, as text; <see langword="null"/> where it is not known.</summary>
    public IReadOnlyList<string?> Values { get; }

    /// <summary>
    /// The values as numbers (NaN for unknown ones), if all are finite numbers with more than ten distinct values; otherwise
    /// <see langword="null"/>: the field is categorical, like the digits 0 to 9.
    /// </summary>
    public IReadOnlyList<double>? Numbers => _numbers.Value;

    private double[]? FindNumbers()
    {
        double[] numbers = new double[Values.Count];
        HashSet<double> different = [];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = double.NaN;
            if (Values[i] is not { } value)
                continue;
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
                return null;
            different.Add(numbers[i]);
        }

        return different.Count > MostKindsOfNumber ? numbers : null;
    }
}
