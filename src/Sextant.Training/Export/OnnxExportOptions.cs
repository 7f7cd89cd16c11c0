namespace Sextant.Training.Export;

/// <summary>What kind of graph is written.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// Whether weights are stored in 8 bits with one scale per output, and activations are quantized at run time (dynamic quantization). A
    /// quarter of the size and about twice as fast, with a cosine to the float32 model of 0.99 and more.
    /// </summary>
    public bool Int8 { get; init; }

    /// <summary>
    /// Whether the graph gives one vector a text, pooled and scaled as the model's files say, instead of one a token. sentence-transformers
    /// requires one per token.
    /// </summary>
    public bool Pooled { get; init; }
}
