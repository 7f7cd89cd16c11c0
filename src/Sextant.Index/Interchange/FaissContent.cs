using Sextant.Numerics;

namespace Sextant.Index.Interchange;

/// <summary>The contents of a FAISS file.</summary>
/// <param name="Vectors">Its vectors, with their ids where it maps them.</param>
/// <param name="Metric">Inner product or Euclidean distance.</param>
/// <param name="Graph">The graph of an <c>IndexHNSWFlat</c>; <see langword="null"/> for an <c>IndexFlat</c>.</param>
/// <param name="EfConstruction">The <c>efConstruction</c> that the graph was built with; 0 without a graph.</param>
/// <param name="EfSearch">The <c>efSearch</c> that the graph is searched with; 0 without a graph.</param>
public sealed record FaissContent(VectorTable Vectors, SimilarityMetric Metric, HnswGraph? Graph, int EfConstruction, int EfSearch);
