using System.Globalization;
using Sextant.Embedding;
using Sextant.Onnx.Layout;
using Sextant.Tokenizers;
using Sextant.Tokenizers.Files;

namespace Sextant.Onnx.Inference;

/// <summary>Assembles a cross-encoder from its directory.</summary>
internal static class CrossEncoderLoader
{
    /// <param name="name">The full path of what the user named.</param>
    /// <param name="directory">The directory of the configuration and the tokenizer.</param>
    /// <param name="graphPath">The graph.</param>
    /// <param name="layout">The layout of the directory.</param>
    /// <param name="threads">How many share the work of one run.</param>
    /// <param name="provider">The execution provider that runs the graph.</param>
    public static OnnxReranker Load(
        string name,
        string directory,
        string graphPath,
        CrossEncoderLayout layout,
        int threads,
        OnnxExecutionProvider provider
    )
    {
        var files = ModelFiles.InDirectory(directory);
        SequenceTokenizer tokenizer = TokenizerFiles.Load(files);
        PairTemplate template =
            tokenizer.Pair
            ?? throw new InputException(
                $"{files.Location}: the tokenizer's files do not define how a query and a document are combined; "
                    + "a reranker needs a tokenizer.json whose post_processor has a \"pair\""
            );
        int? maxLength = TransformerLayout.Least(layout.MaxLength, tokenizer.MaxLength);
        if (maxLength <= template.SpecialCount)
        {
            throw new InputException(
                $"{files.Location}: the model reads {maxLength} tokens, "
                    + $"and {template.SpecialCount} of them are special, which leaves none for texts"
            );
        }

        Array.ForEach(ExternalData.Find(graphPath), LfsPointer.Refuse);
        var encoder = new PairEncoder(
            OnnxGraph.Open(graphPath, GraphOutputs.ChooseLogits, threads, provider),
            tokenizer,
            template,
            maxLength
        );
        try
        {
            RequireOneScore(encoder, graphPath);
            return new OnnxReranker(
                encoder,
                new RerankerProfile
                {
                    Name = name,
                    Provider = "onnx",
                    ScoreKind = layout.ScoreKind,
                    MaxTokens = maxLength - template.SpecialCount,
                }
            );
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>A graph's declaration may leave the number of its scores open.</summary>
    private static void RequireOneScore(PairEncoder encoder, string graphPath)
    {
        EncodedText probe = encoder.Join(encoder.Tokenize("a"), "a");
        encoder.Run([probe]);
        if (probe.Vector.Length != 1)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{graphPath}: the graph returns {probe.Vector.Length} scores for a pair, and a reranker returns one"
                )
            );
        }
    }
}
