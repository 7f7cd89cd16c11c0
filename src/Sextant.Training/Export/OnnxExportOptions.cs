namespace Sextant.Training.Export;

/// <summary>What kind of graph is written.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// Whether weights are kept in 8 bits, a scale for each output, and activations are quantised as they come (dynamic quantisation).
    /// A quarter of the size and about twice as fast, for a cosine to the whole model of 0.99 and more.
    /// </summary>
    public bool Int8 { get; init; }

    /// <summary>
    /// Whether the graph gives one vector a text, pooled and scaled as the model's files say, instead of one a token. sentence-transformers
    /// wants one a token.
    /// </summary>
    public bool Pooled { get; init; }
}
