using Sextant.Onnx.Pooling;
using Sextant.Tokenizers;

namespace Sextant.Onnx.Inference;

/// <summary>Encodes texts as vectors: tokens, graph, pooling and the modules after it. Thread-safe.</summary>
/// <param name="graph">Owned.</param>
/// <param name="tokenizer">Creates the sequences.</param>
/// <param name="pooling"><see langword="null"/> if the graph contains the pooling.</param>
/// <param name="modules">The steps after pooling.</param>
/// <param name="maxLength">The maximum number of tokens of a sequence; longer ones are truncated.</param>
internal sealed class TextEncoder(
    OnnxGraph graph,
    SequenceTokenizer tokenizer,
    TokenPooling? pooling,
    IReadOnlyList<VectorModule> modules,
    int? maxLength
) : IDisposable
{
    /// <summary>Cuts a text into tokens. The tokens of a prompt at its start are left out of pooling if the model requires that.</summary>
    public EncodedText Tokenize(string text, string prompt)
    {
        int[] ids = tokenizer.Encode(text, TokenLimit);
        bool leaveOut = prompt.Length > 0 && pooling is { IncludePrompt: false } && text.StartsWith(prompt, StringComparison.Ordinal);
        return new EncodedText(ids, leaveOut ? tokenizer.Prefix.Count + tokenizer.Text.Count(prompt) : 0);
    }

    /// <summary>How a text is counted, special tokens left out.</summary>
    public TextTokenizer Counter => tokenizer.Text;

    /// <summary>How many texts may go into one run.</summary>
    public int MaxTexts => graph.FixedTexts ?? int.MaxValue;

    private int? TokenLimit => graph.FixedLength is { } length ? Math.Min(length, maxLength ?? length) : maxLength;

    /// <summary>Runs the graph once over <paramref name="texts"/> and sets their vectors.</summary>
    /// <param name="texts">At most <see cref="MaxTexts"/>.</param>
    public void Run(IReadOnlyList<EncodedText> texts)
    {
        using var batch = new TokenBatch(texts, tokenizer.PadId ?? 0, tokenizer.PadsLeft, graph.FixedTexts, graph.FixedLength);
        graph.Run(
            batch,
            (values, hidden) =>
            {
                for (int row = 0; row < texts.Count; row++)
                {
                    float[] vector = Pool(values, hidden, batch, row, texts[row].PromptTokens);
                    foreach (VectorModule module in modules)
                    {
                        vector = module.Apply(vector);
                    }

                    texts[row].Vector = vector;
                }
            }
        );
    }

    /// <summary>Runs the graph on a word to determine its dimensions, which the files do not always specify.</summary>
    public int MeasureDimensions()
    {
        EncodedText probe = Tokenize("a", "");
        Run([probe]);
        return probe.Vector.Length;
    }

    public void Dispose() => graph.Dispose();

    private float[] Pool(ReadOnlySpan<float> values, int hidden, TokenBatch batch, int row, int promptTokens)
    {
        if (pooling is null)
        {
            return values.Slice(row * hidden, hidden).ToArray();
        }

        float[] vector = new float[pooling.Width * hidden];
        if (batch.Lengths[row] > 0)
        {
            int start = ((row * batch.Length) + batch.Starts[row]) * hidden;
            pooling.Pool(values.Slice(start, batch.Lengths[row] * hidden), hidden, promptTokens, vector);
        }

        return vector;
    }
}
