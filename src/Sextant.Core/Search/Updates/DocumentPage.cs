namespace Sextant.Search.Updates;

/// <summary>Some of the documents of a collection.</summary>
/// <param name="Documents">The documents, in the order in which they were first added.</param>
/// <param name="Next">The cursor of the next page; <see langword="null"/> on the last.</param>
public sealed record DocumentPage(IReadOnlyList<Document> Documents, string? Next);
