namespace Sextant;

/// <summary>The result of adding documents.</summary>
/// <param name="Ids">The names of the documents, in the order in which they were given.</param>
/// <param name="Added">How many are new.</param>
/// <param name="Updated">How many replaced one of the same name.</param>
/// <param name="Unchanged">The number of documents that already existed unchanged; nothing was computed or written for them.</param>
public sealed record UpsertResult(IReadOnlyList<string> Ids, int Added, int Updated, int Unchanged);
