using Sextant.Embedding;
using Sextant.Onnx.Layout;
using Sextant.Onnx.Pooling;
using Sextant.Tokenizers;
using Sextant.Tokenizers.Files;

namespace Sextant.Onnx.Inference;

/// <summary>Assembles a model from its directory.</summary>
internal static class TransformerLoader
{
    /// <param name="name">The full path of the model, because a collection may be opened from another working directory.</param>
    /// <param name="directory">The directory of the configuration and the tokenizer.</param>
    /// <param name="graphPath">The graph.</param>
    /// <param name="threads">The number of threads of one run.</param>
    /// <param name="provider">The execution provider that runs the graph.</param>
    public static OnnxEmbeddingGenerator Load(string name, string directory, string graphPath, int threads, OnnxExecutionProvider provider)
    {
        var files = ModelFiles.InDirectory(directory);
        var layout = TransformerLayout.Read(files);
        SequenceTokenizer tokenizer = TokenizerFiles.Load(files);
        string[] weights = ExternalData.Find(graphPath);
        Array.ForEach(weights, LfsPointer.Refuse);
        OnnxGraph graph = OnnxGraph.Open(
            graphPath,
            (outputs, path) => GraphOutputs.ChooseVectors(outputs, path, preferPooled: layout.Pooling is null),
            threads,
            provider
        );
        try
        {
            return Assemble(name, files, [graphPath, .. weights], layout, tokenizer, graph);
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    private static OnnxEmbeddingGenerator Assemble(
        string name,
        ModelFiles files,
        string[] graphFiles,
        TransformerLayout layout,
        SequenceTokenizer tokenizer,
        OnnxGraph graph
    )
    {
        int? maxLength = TransformerLayout.Least(layout.MaxLength, tokenizer.MaxLength);
        if (maxLength <= tokenizer.SpecialCount)
        {
            throw new InputException(
                $"{files.Location}: the model reads {maxLength} tokens, "
                    + $"and {tokenizer.SpecialCount} of them are special, which leaves none for text"
            );
        }

        TokenPooling? pooling = graph.IsPooled ? null : layout.Pooling ?? new TokenPooling(PoolingModes.Mean);
        // A graph that contains the pooling also contains the steps after it.
        IReadOnlyList<VectorModule> modules = graph.IsPooled ? [.. layout.Modules.Where(static m => m is NormalizeModule)] : layout.Modules;
        var encoder = new TextEncoder(graph, tokenizer, pooling, modules, maxLength);
        var profile = new ModelProfile
        {
            Name = name,
            Identity = "folder",
            Provider = "onnx",
            Revision = DirectoryRevision.Compute(files, layout.Folders, graphFiles),
            Dimensions = encoder.MeasureDimensions(),
            MaxTokens = maxLength - tokenizer.SpecialCount,
            Pooling = pooling?.Name ?? "graph",
            QueryPrompt = layout.Prompts.Query,
            DocumentPrompt = layout.Prompts.Document,
            Normalized = layout.Normalizes,
        };
        return new OnnxEmbeddingGenerator(encoder, profile);
    }
}
