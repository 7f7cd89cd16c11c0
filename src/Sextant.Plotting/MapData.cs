namespace Sextant.Plotting;

/// <summary>Points on a plane with their texts and fields: the data of plots and the interactive map.</summary>
public sealed class MapData
{
    /// <summary>Makes a map of points.</summary>
    /// <param name="positions">
    /// Two numbers for each point, x and y, one point after another. A point that is not finite is not drawn.
    /// </param>
    /// <param name="texts">What each point stands for; <see langword="null"/> when there are no texts.</param>
    /// <param name="fields">What else is known, each with a value for each point.</param>
    /// <exception cref="InputException">There are no points, or more or fewer of one than of the other.</exception>
    public MapData(ReadOnlyMemory<float> positions, IReadOnlyList<string>? texts = null, IReadOnlyList<MapField>? fields = null)
    {
        if (positions.Length == 0)
            throw new InputException("nothing to plot; add texts or vectors");
        if (positions.Length % 2 != 0)
            throw new InputException($"{positions.Length} numbers do not form pairs of x and y");
        Positions = positions;
        Texts = texts;
        Fields = fields ?? [];
        if (texts is not null && texts.Count != Count)
            throw new InputException($"there are {Count} points and {texts.Count} texts; give one text per point");
        if (Fields.FirstOrDefault(field => field.Values.Count != Count) is { } uneven)
        {
            throw new InputException($"there are {Count} points and {uneven.Values.Count} values of '{uneven.Name}'; give one per point");
        }
    }

    /// <summary>The number of points.</summary>
    public int Count => Positions.Length / 2;

    /// <summary>x and y of each point, one after another.</summary>
    public ReadOnlyMemory<float> Positions { get; }

    /// <summary>What each point stands for, or <see langword="null"/>.</summary>
    public IReadOnlyList<string>? Texts { get; }

    /// <summary>What else is known of the points.</summary>
    public IReadOnlyList<MapField> Fields { get; }

    /// <summary>The field of that name.</summary>
    /// <exception cref="InputException">The field does not exist; the message lists the existing ones.</exception>
    public MapField Field(string name) =>
        Fields.FirstOrDefault(field => field.Name == name)
        ?? throw new InputException(
            Fields.Count == 0
                ? $"no field '{name}': the texts have no fields"
                : $"no field '{name}'{Suggestion.AskWithin(name, Fields.Select(field => field.Name))}; "
                    + $"the fields are {string.Join(", ", Fields.Select(field => field.Name))}"
        );
}
