namespace Sextant.Search.Filters;

/// <summary>
/// Names a field of the metadata: <c>author.name</c> is <c>name</c> within the object <c>author</c>;
/// a quoted name such as <c>"file.name"</c> is one field with a dot in it.
/// </summary>
public sealed record FieldPath(IReadOnlyList<string> Names)
{
    /// <summary>Two paths are equal when their names are.</summary>
    public bool Equals(FieldPath? other) => other is not null && Names.SequenceEqual(other.Names, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Names.Count == 0 ? 0 : StringComparer.Ordinal.GetHashCode(Names[^1]);

    /// <inheritdoc/>
    public override string ToString() => string.Join('.', Names);
}
