namespace Sextant.Onnx.Inference;

/// <summary>A text on its way through the model: the sequence that goes in, the vector that comes out.</summary>
/// <param name="ids">The input of the graph, including special tokens.</param>
/// <param name="promptTokens">How many of them do not count for pooling.</param>
/// <param name="types">Which of two texts each of them belongs to; <see langword="null"/> where there is one text only.</param>
internal sealed class EncodedText(int[] ids, int promptTokens, byte[]? types = null)
{
    public int[] Ids => ids;

    public byte[]? Types => types;

    public int PromptTokens => promptTokens;

    /// <summary>The vector, or the one score of a pair; set by the run that reads the text.</summary>
    public float[] Vector { get; set; } = [];

    /// <summary>The request that waits for the vector.</summary>
    public EncodingRequest? Request { get; set; }
}
