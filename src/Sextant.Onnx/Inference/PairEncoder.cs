using Sextant.Tokenizers;

namespace Sextant.Onnx.Inference;

/// <summary>Computes a cross-encoder's logit for a query and a document. Thread-safe.</summary>
/// <param name="graph">Owned.</param>
/// <param name="tokenizer">Tokenizes both texts.</param>
/// <param name="template">Combines them.</param>
/// <param name="maxLength">The maximum number of tokens of a sequence; the longer text is truncated to fit.</param>
internal sealed class PairEncoder(OnnxGraph graph, SequenceTokenizer tokenizer, PairTemplate template, int? maxLength) : IDisposable
{
    /// <summary>How many pairs may go into one run.</summary>
    public int MaxPairs => graph.FixedTexts ?? int.MaxValue;

    private int? TokenLimit => graph.FixedLength is { } length ? Math.Min(length, maxLength ?? length) : maxLength;

    /// <summary>The tokens of a query, which are the same in front of every document.</summary>
    public int[] Tokenize(string query) => tokenizer.EncodeText(query);

    /// <summary>Combines a query and a document.</summary>
    public EncodedText Join(int[] query, string document)
    {
        (int[] ids, byte[] types) = template.Join(query, tokenizer.EncodeText(document), TokenLimit);
        return new EncodedText(ids, 0, types);
    }

    /// <summary>Runs the graph once over <paramref name="pairs"/> and sets their logits.</summary>
    /// <param name="pairs">At most <see cref="MaxPairs"/>.</param>
    public void Run(IReadOnlyList<EncodedText> pairs)
    {
        using var batch = new TokenBatch(pairs, tokenizer.PadId ?? 0, tokenizer.PadsLeft, graph.FixedTexts, graph.FixedLength);
        graph.Run(
            batch,
            (values, width) =>
            {
                for (int row = 0; row < pairs.Count; row++)
                {
                    pairs[row].Vector = values.Slice(row * width, width).ToArray();
                }
            }
        );
    }

    public void Dispose() => graph.Dispose();
}
