using Sextant.Index;

namespace Sextant.Evaluation;

/// <summary>How vectors are kept for a measurement.</summary>
/// <param name="Dimensions">The length they are cut to; the model's own when <see langword="null"/>.</param>
/// <param name="Storage">How their numbers are kept.</param>
public readonly record struct VectorShape(int? Dimensions = null, VectorStorage Storage = VectorStorage.Float32);
