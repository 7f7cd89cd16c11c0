using Sextant.Search.Filters;

namespace Sextant.Search.Storage;

/// <summary>Which documents a write is for: those that have one of the ids and match the filter, where both are given.</summary>
/// <param name="Ids">The ids; any id when <see langword="null"/>.</param>
/// <param name="Filter">A condition on the metadata; none when <see langword="null"/>.</param>
public sealed record DocumentSelection(IReadOnlyCollection<string>? Ids, FilterExpression? Filter);
