using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Sextant.Onnx.Inference;

/// <summary>Says which of a graph's outputs is read, and whether it has one row a text rather than one a token.</summary>
/// <exception cref="InputException">None of them will do.</exception>
internal delegate (string Name, bool Pooled) ChooseOutput(IReadOnlyDictionary<string, NodeMetadata> outputs, string path);

/// <summary>Finds the output of an embedding model, and that of a cross-encoder.</summary>
internal static class GraphOutputs
{
    private const string Logits = "logits";

    private static readonly string[] TokenOutputs = ["last_hidden_state", "token_embeddings", "hidden_states"];
    private static readonly string[] TextOutputs = ["sentence_embedding", "sentence_embeddings", "embeddings", "pooler_output"];

    /// <summary>The output with the vectors of texts or tokens.</summary>
    /// <param name="outputs">All outputs.</param>
    /// <param name="path">The graph.</param>
    /// <param name="preferPooled">Whether to take the vectors of whole texts where the graph offers both.</param>
    public static (string Name, bool Pooled) ChooseVectors(
        IReadOnlyDictionary<string, NodeMetadata> outputs,
        string path,
        bool preferPooled
    )
    {
        string? tokens = ByNameOrRank(outputs, TokenOutputs, 3),
            text = ByNameOrRank(outputs, TextOutputs, 2);
        // pooler_output is BERT's head for another task, and not an embedding if token embeddings can be pooled.
        bool pooled =
            text is not null && (tokens is null || (preferPooled && text.StartsWith("sentence_embedding", StringComparison.Ordinal)));
        return pooled ? (text!, true)
            : tokens is not null ? (tokens, false)
            : throw new InputException(
                outputs.TryGetValue(Logits, out NodeMetadata? logits) && HasRank(logits, 2)
                    ? $"{path}: this is {Describe(logits.Dimensions[1])}, not an embedding model: it returns scores (logits), not vectors"
                    : $"{path}: none of the graph's outputs ({string.Join(", ", outputs.Keys)}) "
                        + "is token vectors [texts, tokens, dimensions] or text vectors [texts, dimensions]"
            );
    }

    /// <summary>The output with one score for each pair of texts.</summary>
    public static (string Name, bool Pooled) ChooseLogits(IReadOnlyDictionary<string, NodeMetadata> outputs, string path)
    {
        string name =
            outputs.TryGetValue(Logits, out NodeMetadata? named) && HasRank(named, 2) ? Logits
            : outputs.Where(static output => HasRank(output.Value, 2)).Select(static output => output.Key).ToArray() is [var only] ? only
            : throw new InputException(
                $"{path}: none of the graph's outputs ({string.Join(", ", outputs.Keys)}) is one score per pair, "
                    + "[pairs, 1], as a reranker's 'logits' do; export it again for text classification"
            );
        int labels = outputs[name].Dimensions[1];
        return labels is 1 or <= 0
            ? (name, true)
            : throw new InputException($"{path}: this is {Describe(labels)}, not a reranker with one score");
    }

    private static string Describe(int labels) =>
        labels switch
        {
            1 => "a reranker (cross-encoder)",
            <= 0 => "a reranker (cross-encoder) or a classifier",
            _ => string.Create(CultureInfo.InvariantCulture, $"a classifier with {labels} labels"),
        };

    // Logits of any shape are never embeddings.
    private static string? ByNameOrRank(IReadOnlyDictionary<string, NodeMetadata> outputs, string[] names, int rank) =>
        Array.Find(names, name => outputs.TryGetValue(name, out NodeMetadata? output) && HasRank(output, rank))
        ?? outputs.FirstOrDefault(output => output.Key != Logits && HasRank(output.Value, rank)).Key;

    private static bool HasRank(NodeMetadata output, int rank) =>
        output.IsTensor
        && output.ElementDataType
            is TensorElementType.Float
                or TensorElementType.Float16
                or TensorElementType.BFloat16
                or TensorElementType.Double
        && output.Dimensions.Length == rank;
}
