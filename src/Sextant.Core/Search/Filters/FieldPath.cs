using System.Diagnostics.CodeAnalysis;

namespace Sextant.Search.Filters;

/// <summary>
/// Names a field of the metadata: <c>author.name</c> is <c>name</c> within the object <c>author</c>;
/// a quoted name such as <c>"file.name"</c> is one field with a dot in it.
/// </summary>
public sealed record FieldPath(IReadOnlyList<string> Names)
{
    /// <summary>Reads a field in the syntax of the filter language: <c>topic</c>, <c>author.name</c>, <c>"file.name"</c>.</summary>
    /// <exception cref="InputException">It is not the name of a field.</exception>
    public static FieldPath Parse(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (Surrogates.FindLone(field) >= 0)
            throw new InputException($"the name of a field contains {Surrogates.Description}");
        return new FilterParser(field, "field").ParseField();
    }

    /// <summary>Reads a field, as <see cref="Parse"/> does.</summary>
    /// <param name="field">The field; <see langword="null"/> for none.</param>
    [return: NotNullIfNotNull(nameof(field))]
    public static implicit operator FieldPath?(string? field) => field is null ? null : Parse(field);

    /// <summary>Two paths are equal when their names are.</summary>
    public bool Equals(FieldPath? other) => other is not null && Names.SequenceEqual(other.Names, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Names.Count == 0 ? 0 : StringComparer.Ordinal.GetHashCode(Names[^1]);

    /// <inheritdoc/>
    public override string ToString() => string.Join('.', Names);
}
