namespace Sextant.Onnx.Inference;

/// <summary>A text on its way through the model: the sequence that goes in, the vector that comes out.</summary>
/// <param name="ids">What the graph reads, special tokens included.</param>
/// <param name="promptTokens">How many of them do not count for pooling.</param>
internal sealed class EncodedText(int[] ids, int promptTokens)
{
    public int[] Ids => ids;

    public int PromptTokens => promptTokens;

    /// <summary>The vector; set by the run that reads the text.</summary>
    public float[] Vector { get; set; } = [];

    /// <summary>Who waits for the vector.</summary>
    public EncodingRequest? Request { get; set; }
}
