using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Sextant.Onnx.Inference;

/// <summary>
/// A graph loaded into ONNX Runtime: knows which inputs it wants and which output holds the vectors, and runs padded batches.
/// Thread-safe.
/// </summary>
internal sealed class OnnxGraph : IDisposable
{
    private static readonly string[] TokenOutputs = ["last_hidden_state", "token_embeddings", "hidden_states"];
    private static readonly string[] TextOutputs = ["sentence_embedding", "sentence_embeddings", "embeddings", "pooler_output"];

    private readonly InferenceSession _session;
    private readonly GraphInput[] _inputs;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly RunOptions _plain = new();
    private readonly RunOptions _shrinking = new();

    private OnnxGraph(InferenceSession session, string path, bool preferPooled)
    {
        _session = session;
        _inputs = GraphInput.ReadAll(session.InputMetadata, path);
        _inputNames = Array.ConvertAll(_inputs, static input => input.Name);
        (string output, IsPooled) = ChooseOutput(session.OutputMetadata, preferPooled)
            ?? throw new InputException($"{path}: none of the graph's outputs ({string.Join(", ", session.OutputMetadata.Keys)}) "
                + "holds token vectors [texts, tokens, dimensions] or text vectors [texts, dimensions]");
        _outputNames = [output];
        // What one giant text needed is given back, instead of being kept for ever by the arena.
        _shrinking.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
    }

    /// <summary>Whether the output has a vector for each text rather than for each token.</summary>
    public bool IsPooled { get; }

    /// <summary>The only number of texts that the graph takes at once; <see langword="null"/> when any will do.</summary>
    public int? FixedTexts => _inputs[0].FixedTexts;

    /// <summary>The only number of tokens that the graph takes; <see langword="null"/> when any will do.</summary>
    public int? FixedLength => _inputs[0].FixedLength;

    /// <summary>Loads a graph.</summary>
    /// <param name="path">The .onnx file.</param>
    /// <param name="preferPooled">Whether to take the vectors of whole texts where the graph offers both.</param>
    /// <param name="threads">How many threads share the work of one run.</param>
    /// <param name="provider">What computes it.</param>
    /// <exception cref="InputException">ONNX Runtime refuses the file, or its inputs and outputs are not those of a text encoder.</exception>
    public static OnnxGraph Open(string path, bool preferPooled, int threads, OnnxExecutionProvider provider)
    {
        LfsPointer.Refuse(path);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            // Patterns are planned for one shape; here every batch has another.
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Threads that spin while they wait take the cores from everybody else, our own tokeniser included.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        ExecutionProviders.Append(options, provider);
        InferenceSession? session = null;
        try
        {
            session = new InferenceSession(path, options);
            return new OnnxGraph(session, path, preferPooled);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InputException($"{path}: ONNX Runtime cannot load it ({e.Message.ReplaceLineEndings(" ")})", e);
        }
        catch (InputException)
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>Runs a batch and hands its output to <paramref name="read"/>.</summary>
    /// <param name="batch">Texts of one padded length.</param>
    /// <param name="read">Gets the values, [texts, tokens, dimensions] or [texts, dimensions], and the dimensions.</param>
    /// <exception cref="SextantException">The graph failed, or gave something of another shape.</exception>
    public void Run(TokenBatch batch, ReadOutput read)
    {
        var values = new OrtValue[_inputs.Length];
        try
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = _inputs[i].CreateValue(batch);
            }

            using IDisposableReadOnlyCollection<OrtValue> outputs =
                _session.Run(batch.Rows * (long)batch.Length > BatchPlan.TokenBudget ? _shrinking : _plain, _inputNames, values, _outputNames);
            OutputReader.Read(outputs[0], batch, IsPooled, read);
        }
        catch (OnnxRuntimeException e)
        {
            throw new SextantException(
                $"the graph failed for {batch.Texts} texts of {batch.Length} tokens: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        finally
        {
            foreach (OrtValue? value in values)
            {
                value?.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _plain.Dispose();
        _shrinking.Dispose();
    }

    private static (string Name, bool Pooled)? ChooseOutput(IReadOnlyDictionary<string, NodeMetadata> outputs, bool preferPooled)
    {
        string? tokens = ByNameOrRank(outputs, TokenOutputs, 3), text = ByNameOrRank(outputs, TextOutputs, 2);
        // pooler_output is BERT's head for another task; it is no embedding while there are tokens to pool.
        bool pooled = text is not null && (tokens is null || (preferPooled && text.StartsWith("sentence_embedding", StringComparison.Ordinal)));
        return pooled ? (text!, true) : tokens is null ? null : (tokens, false);
    }

    private static string? ByNameOrRank(IReadOnlyDictionary<string, NodeMetadata> outputs, string[] names, int rank) =>
        Array.Find(names, name => outputs.TryGetValue(name, out NodeMetadata? output) && HasRank(output, rank))
        ?? outputs.FirstOrDefault(output => HasRank(output.Value, rank)).Key;

    private static bool HasRank(NodeMetadata output, int rank) =>
        output.IsTensor && output.ElementDataType is
            TensorElementType.Float or TensorElementType.Float16 or TensorElementType.BFloat16 or TensorElementType.Double &&
        output.Dimensions.Length == rank;
}
