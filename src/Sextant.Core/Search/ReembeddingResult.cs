using Sextant.Embedding;

namespace Sextant.Search;

/// <summary>What moving a collection to another model did.</summary>
/// <param name="From">The model whose vectors served until now, and are kept.</param>
/// <param name="To">The model whose vectors serve from now on.</param>
/// <param name="Documents">How many documents there are.</param>
/// <param name="Embedded">How many texts were embedded.</param>
/// <param name="Kept">How many vectors were there already, from a run that was interrupted or from before the last move.</param>
public sealed record ReembeddingResult(ModelProfile From, ModelProfile To, long Documents, long Embedded, long Kept);
