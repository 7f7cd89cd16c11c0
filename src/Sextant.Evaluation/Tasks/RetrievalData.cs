namespace Sextant.Evaluation.Tasks;

/// <summary>A text with the id that judgments use.</summary>
/// <param name="Id">Its name, alone of its kind.</param>
/// <param name="Text">The text.</param>
public readonly record struct NamedText(string Id, string Text);

/// <summary>Queries, documents and relevance judgments.</summary>
/// <param name="Queries">The queries; those without judgments are skipped.</param>
/// <param name="Documents">The documents to search.</param>
/// <param name="Judgments">By query id, the grade of each judged document by its id; above 0 is relevant.</param>
/// <param name="Candidates">By query id, the documents to rank; all of them when <see langword="null"/>.</param>
public sealed record RetrievalData(
    IReadOnlyList<NamedText> Queries,
    IReadOnlyList<NamedText> Documents,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Judgments,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Candidates = null
);
