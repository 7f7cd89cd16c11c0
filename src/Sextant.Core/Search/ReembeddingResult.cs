using Sextant.Embedding;

namespace Sextant.Search;

/// <summary>The result of moving a collection to another model.</summary>
/// <param name="From">The model whose vectors served until now, and are kept.</param>
/// <param name="To">The model whose vectors serve from now on.</param>
/// <param name="Documents">The number of documents.</param>
/// <param name="Embedded">How many texts were embedded.</param>
/// <param name="Kept">The number of existing vectors, from an interrupted run or from before the last move.</param>
public sealed record ReembeddingResult(ModelProfile From, ModelProfile To, long Documents, long Embedded, long Kept);
