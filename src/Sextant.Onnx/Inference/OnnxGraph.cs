using Microsoft.ML.OnnxRuntime;

namespace Sextant.Onnx.Inference;

/// <summary>
/// A graph loaded into ONNX Runtime: knows its required inputs and the output to read, and runs padded batches.
/// Thread-safe.
/// </summary>
internal sealed class OnnxGraph : IDisposable
{
    private readonly InferenceSession _session;
    private readonly GraphInput[] _inputs;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly RunOptions _plain = new();
    private readonly RunOptions _shrinking = new();

    private OnnxGraph(InferenceSession session, string path, ChooseOutput choose)
    {
        _session = session;
        _inputs = GraphInput.ReadAll(session.InputMetadata, path);
        _inputNames = Array.ConvertAll(_inputs, static input => input.Name);
        (string output, IsPooled) = choose(session.OutputMetadata, path);
        _outputNames = [output];
        // Frees the memory for a huge text, which the arena would otherwise keep permanently.
        _shrinking.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
    }

    /// <summary>Whether the output has a vector, or scores, for each text rather than for each token.</summary>
    public bool IsPooled { get; }

    /// <summary>The only number of texts that the graph takes at once; <see langword="null"/> when any will do.</summary>
    public int? FixedTexts => _inputs[0].FixedTexts;

    /// <summary>The only number of tokens that the graph takes; <see langword="null"/> when any will do.</summary>
    public int? FixedLength => _inputs[0].FixedLength;

    /// <summary>Loads a graph.</summary>
    /// <param name="path">The .onnx file.</param>
    /// <param name="choose">Says which output is read.</param>
    /// <param name="threads">How many threads share the work of one run.</param>
    /// <param name="provider">The execution provider that runs it.</param>
    /// <exception cref="InputException">ONNX Runtime rejects the file, or it lacks the required inputs and outputs.</exception>
    public static OnnxGraph Open(string path, ChooseOutput choose, int threads, OnnxExecutionProvider provider)
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
        // Spinning threads take cores from all other work, including our tokenizer.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        ExecutionProviders.Append(options, provider);
        InferenceSession? session = null;
        try
        {
            session = new InferenceSession(path, options);
            return new OnnxGraph(session, path, choose);
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

            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(
                batch.Rows * (long)batch.Length > BatchPlan.TokenBudget ? _shrinking : _plain,
                _inputNames,
                values,
                _outputNames
            );
            OutputReader.Read(outputs[0], batch, IsPooled, read);
        }
        catch (OnnxRuntimeException e)
        {
            throw new SextantException(
                $"the graph failed for {batch.Texts} texts of {batch.Length} tokens: {e.Message.ReplaceLineEndings(" ")}",
                e
            );
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
}
