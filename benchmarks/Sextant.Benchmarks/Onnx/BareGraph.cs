using Microsoft.ML.OnnxRuntime;
using Sextant.Onnx.Inference;
using Sextant.Tokenizers;
using Sextant.Tokenizers.Files;

namespace Sextant.Benchmarks.Onnx;

/// <summary>
/// ONNX Runtime with its own default options and nothing around it: the batches are those that Sextant makes of the texts, noted
/// beforehand and kept as finished tensors, and what comes out is not looked at.
/// </summary>
internal sealed class BareGraph : IDisposable
{
    private static readonly string[] Inputs = ["input_ids", "attention_mask", "token_type_ids"];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly List<(TokenBatch Batch, OrtValue[] Values)> _batches = [];
    private readonly string[] _outputs;

    public BareGraph(string folder, string[] texts)
    {
        SequenceTokenizer tokenizer = TokenizerFiles.Load(ModelFiles.InDirectory(folder));
        _session = new InferenceSession(GraphFile.Find(folder).Graph ?? throw new InputException($"{folder}: no ONNX graph"));
        _outputs = [_session.OutputMetadata.Keys.First()];
        if (!_session.InputMetadata.Keys.ToHashSet().SetEquals(Inputs))
        {
            throw new InputException($"{folder}: only graphs with the inputs {string.Join(", ", Inputs)} are measured");
        }

        EncodedText[] encoded = [.. texts.Select(text => new EncodedText(tokenizer.Encode(text, tokenizer.MaxLength), 0))];
        List<int> lengths = encoded.Select(static text => text.Ids.Length).ToList();
        (Shortest, Longest, Tokens) = (lengths.Min(), lengths.Max(), lengths.Sum());
        using var noting = new SharedGraph(batch => Note(batch, tokenizer), int.MaxValue);
        noting.RunAsync(encoded, CancellationToken.None).GetAwaiter().GetResult();
    }

    public int Shortest { get; }

    public int Longest { get; }

    public int Tokens { get; }

    public int Batches => _batches.Count;

    /// <summary>How much of what the graph computes is padding.</summary>
    public double Padding => 1 - (Tokens / (double)_batches.Sum(static b => b.Batch.Rows * b.Batch.Length));

    public void Run()
    {
        foreach ((_, OrtValue[] values) in _batches)
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_run, Inputs, values, _outputs);
        }
    }

    public void Dispose()
    {
        foreach ((TokenBatch batch, OrtValue[] values) in _batches)
        {
            Array.ForEach(values, static value => value.Dispose());
            batch.Dispose();
        }

        _run.Dispose();
        _session.Dispose();
    }

    private void Note(IReadOnlyList<EncodedText> texts, SequenceTokenizer tokenizer)
    {
        var batch = new TokenBatch(texts, tokenizer.PadId ?? 0, tokenizer.PadsLeft);
        long[] shape = [batch.Rows, batch.Length];
        _batches.Add(
            (
                batch,
                [
                    .. new[] { batch.Ids, batch.Mask, batch.CreateTypes() }.Select(memory =>
                        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape)
                    ),
                ]
            )
        );
    }
}
