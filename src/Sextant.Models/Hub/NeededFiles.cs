using System.Text.RegularExpressions;
using Sextant.Models.Static;

namespace Sextant.Models.Hub;

/// <summary>
/// Which of a repository's files a model needs here. A repository often holds the same weights five times over, for other
/// frameworks; one form of them is fetched: the table of a static model, or the ONNX graph of a transformer.
/// </summary>
internal static partial class NeededFiles
{
    private static readonly string[] Graphs = ["onnx/model.onnx", "model.onnx"];

    private static readonly string[] Tokenizers =
    [
        "tokenizer.json",
        "vocab.txt",
        "sentencepiece.bpe.model",
        "spiece.model",
        "tokenizer.model",
        "vocab.json",
    ];

    /// <summary>The small files, which say what the model is; fetched first.</summary>
    public static IEnumerable<HubFile> Descriptions(HubListing listing) => listing.Files.Where(f => DescriptionPattern().IsMatch(f.Path));

    /// <summary>
    /// The weight files, selected with the configuration files in <paramref name="folder"/>; the file that identifies the model comes last.
    /// </summary>
    /// <exception cref="InputException">The repository has no weights in a supported format.</exception>
    public static IReadOnlyList<HubFile> Weights(HubListing listing, string folder, HubModelName model)
    {
        if (StaticModelLayout.Recognize(ModelFiles.InDirectory(folder)) is { } layout)
        {
            return
            [
                listing.Find(layout.Folder + "model.safetensors")
                    ?? throw new InputException(
                        $"{model.Name} is a static model without {layout.Folder}model.safetensors, the only supported format "
                            + $"of weights"
                    ),
            ];
        }

        string graph = Array.Find(Graphs, g => listing.Find(g) is not null) ?? throw NoGraph(listing, folder, model);
        return
        [
            .. listing.Files.Where(f => DensePattern().IsMatch(f.Path)),
            // A graph above 2 GB keeps its weights in separate files.
            .. listing.Files.Where(f => f.Path.StartsWith(graph + "_data", StringComparison.Ordinal) || f.Path == graph + ".data"),
            listing.Find(graph)!,
        ];
    }

    /// <summary>
    /// Whether a snapshot on disk, possibly from another tool, is complete. Our downloads write the opened file last, so its presence
    /// implies the others.
    /// </summary>
    public static bool AreIn(string folder)
    {
        if (
            !Array.Exists(
                Tokenizers,
                t => File.Exists(Path.Combine(folder, t)) || File.Exists(Path.Combine(folder, "0_StaticEmbedding", t))
            )
        )
        {
            return false;
        }

        return StaticModelLayout.Recognize(ModelFiles.InDirectory(folder)) is { } layout
            ? File.Exists(Path.Combine(folder, layout.Folder, "model.safetensors"))
            : Array.Exists(Graphs, g => File.Exists(Path.Combine(folder, g)));
    }

    private static InputException NoGraph(HubListing listing, string descriptions, HubModelName model)
    {
        bool open = listing.Files.Any(static f => f.Path.EndsWith(".safetensors", StringComparison.Ordinal));
        bool weights = open || listing.Files.Any(static f => f.Path.EndsWith(".bin", StringComparison.Ordinal));
        string folder = $"./{model.Repository.Split('/')[^1]}";
        // Our own export writes embedding models.
        bool exports = open && !IsClassifier(descriptions);
        string make = exports
            ? $"download it whole into {folder} and export its graph (BERT, RoBERTa, DistilBERT and their like)"
            : $"make one with: optimum-cli export onnx --model {model.Repository} {folder}";
        return new InputException(
            weights
                ? $"{model.Name} has no ONNX export (no onnx/model.onnx or model.onnx); {make}, then use that folder as the model; "
                    + "or serve the model with an OpenAI-compatible server and use http://HOST:PORT#NAME"
                : $"{model.Name} has no supported weights (no onnx/model.onnx, and no static model's " + $"model.safetensors)"
        )
        {
            Remedies = exports ? [new Remedy(RemedyAction.ExportModel, folder)] : [],
        };
    }

    /// <summary>Whether the model has a head for classification, as rerankers do.</summary>
    private static bool IsClassifier(string folder)
    {
        string config = Path.Combine(folder, "config.json");
        return File.Exists(config) && File.ReadAllText(config).Contains("ForSequenceClassification\"", StringComparison.Ordinal);
    }

    [GeneratedRegex(
        @"\A((\d+_[A-Za-z]+/)?(config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|sentence_bert_config|vocab)\.json"
            + @"|modules\.json|config_sentence_transformers\.json|golden\.jsonl"
            + @"|(\d+_[A-Za-z]+/)?(vocab\.txt|merges\.txt|[A-Za-z0-9_.]+\.model))\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex DescriptionPattern();

    [GeneratedRegex(@"\A\d+_Dense/model\.safetensors\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DensePattern();
}
