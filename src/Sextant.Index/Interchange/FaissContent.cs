using Sextant.Numerics;

namespace Sextant.Index.Interchange;

/// <summary>What a FAISS file holds.</summary>
/// <param name="Vectors">Its rows, with their ids where it maps them.</param>
/// <param name="Metric">Inner product or Euclidean distance.</param>
/// <param name="Graph">The graph of an <c>IndexHNSWFlat</c>; <see langword="null"/> for an <c>IndexFlat</c>.</param>
/// <param name="EfConstruction">With what the graph was built; 0 without one.</param>
/// <param name="EfSearch">With what the graph is searched; 0 without one.</param>
internal sealed record FaissContent(VectorTable Vectors, SimilarityMetric Metric, GraphLayout? Graph, int EfConstruction, int EfSearch);
