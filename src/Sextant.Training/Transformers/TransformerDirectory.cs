using System.Text.Json;
using Sextant.Embedding;
using Sextant.Models.Safetensors;
using Sextant.Models.Static;
using Sextant.Tokenizers;
using Sextant.Tokenizers.Files;
using Sextant.Training.Import;

namespace Sextant.Training.Transformers;

/// <summary>
/// A Hugging Face or sentence-transformers directory of a BERT-family encoder: its shape, tokenizer, pooling, prompts and weights. It can
/// be written again with other weights. Without safetensors, shape and weights come from the ONNX graph.
/// </summary>
internal sealed class TransformerDirectory
{
    private const int MaxTensorsListed = 3;

    private readonly ModelFiles _files;
    private readonly string _folder;

    /// <summary>The source of the weights, if they are not in safetensors.</summary>
    private readonly string? _graph;

    private TransformerDirectory(string path, string folder, string? graph, ModelFiles files, SentenceLayout layout)
    {
        (Path, _folder, _graph, _files, Layout) = (path, folder, graph, files, layout);
        Config = graph is null ? TransformerConfig.Read(files, folder + "config.json") : ReadGraph(graph).Config;
        Tokenizer = TokenizerFiles.Load(
            files,
            File.Exists(System.IO.Path.Combine(path, folder, "tokenizer.json"))
            || File.Exists(System.IO.Path.Combine(path, folder, "vocab.txt"))
                ? folder
                : ""
        );
        MaxTokens = Math.Min(Config.MaxTokens, Math.Min(layout.MaxLength ?? int.MaxValue, Tokenizer.MaxLength ?? int.MaxValue));
        if (MaxTokens <= Tokenizer.SpecialCount)
        {
            throw new InputException(
                $"{path}: the model reads {MaxTokens} tokens, and all are needed for the {Tokenizer.SpecialCount} special ones"
            );
        }

        if (Tokenizer.Text.MaxId >= Config.Vocabulary)
        {
            throw new InputException($"{path}: the tokenizer has ids up to {Tokenizer.Text.MaxId}, the model {Config.Vocabulary} tokens");
        }
    }

    public string Path { get; }

    public TransformerConfig Config { get; }

    public SentenceLayout Layout { get; }

    public SequenceTokenizer Tokenizer { get; }

    /// <summary>The most tokens of a text, special ones included.</summary>
    public int MaxTokens { get; }

    /// <summary>Whether a name is a transformer's folder with weights as safetensors or in an ONNX graph, or such a graph.</summary>
    public static bool Is(string path)
    {
        if (File.Exists(path))
        {
            return path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        }

        if (!Directory.Exists(path) || StaticEmbeddingModel.IsStaticModel(ModelFiles.InDirectory(path)))
        {
            return false;
        }

        return GraphFile.Find(path).Graph is not null
            || (
                Directory.EnumerateFiles(path, "*.safetensors", SearchOption.AllDirectories).Any()
                && (
                    File.Exists(System.IO.Path.Combine(path, "modules.json"))
                    || IsTransformerConfig(System.IO.Path.Combine(path, "config.json"))
                )
            );
    }

    /// <param name="path">The folder, or a graph within it, whose weights are then used.</param>
    /// <exception cref="InputException">It is not such a directory, or its architecture is not supported.</exception>
    public static TransformerDirectory Open(string path)
    {
        (string directory, string? graph) = GraphFile.Find(path);
        if (!Directory.Exists(directory))
        {
            throw new InputException($"{path}: no such folder");
        }

        ModelFiles files = ModelFiles.InDirectory(directory);
        var layout = SentenceLayout.Read(files);
        bool hasWeights = Directory.EnumerateFiles(directory, "*.safetensors", SearchOption.AllDirectories).Any();
        return new TransformerDirectory(
            directory,
            layout.TransformerFolder,
            hasWeights && !File.Exists(path) ? null : graph,
            files,
            layout
        );
    }

    /// <summary>The token ids of a text as the model reads it, special tokens included.</summary>
    public int[] Encode(string text, EmbeddingRole role, int maxTokens) =>
        Tokenizer.Encode((role == EmbeddingRole.Query ? Layout.QueryPrompt : Layout.DocumentPrompt) + text, Math.Min(maxTokens, MaxTokens));

    /// <summary>Reads all weights, by the names of <see cref="TransformerParameter"/>.</summary>
    /// <exception cref="InputException">One is missing, or of another shape.</exception>
    public Dictionary<string, float[]> ReadWeights()
    {
        if (_graph is not null)
        {
            return ReadGraph(_graph).Weights;
        }

        List<SafetensorsFile> shards = Shards().Select(SafetensorsFile.Open).ToList();
        try
        {
            const string Word = "embeddings.word_embeddings.weight";
            string prefix = shards
                .SelectMany(static shard => shard.Tensors.Keys)
                .FirstOrDefault(static name => name.EndsWith(Word, StringComparison.Ordinal))
                is { } found
                ? found[..^Word.Length]
                : throw new InputException($"{Path}: no {Word} among the weights");
            var weights = new Dictionary<string, float[]>(StringComparer.Ordinal);
            foreach (TransformerParameter parameter in TransformerParameter.List(Config))
            {
                weights.Add(parameter.Name, Read(shards, prefix + parameter.FileName, parameter.Shape));
            }

            return weights;
        }
        finally
        {
            shards.ForEach(static shard => shard.Dispose());
        }
    }

    /// <summary>Writes a copy of this directory with other weights; all other files are copied.</summary>
    /// <param name="output">The folder; may be this one.</param>
    /// <param name="weight">Returns a weight by its name in <see cref="TransformerParameter"/>; called when the weight is written.</param>
    public void Save(string output, Func<string, float[]> weight)
    {
        CopyFiles(output);
        var file = new SafetensorsWriter();
        foreach (TransformerParameter parameter in TransformerParameter.List(Config))
        {
            file.Add(parameter.FileName, parameter.Shape, () => weight(parameter.Name));
        }

        file.AddMetadata("format", "pt");
        file.Save(System.IO.Path.Combine(output, _folder, "model.safetensors"));
    }

    /// <summary>Copies all files except weights, and adds the sentence-transformers files if missing.</summary>
    public void CopyFiles(string output)
    {
        // A graph alone has no file that says how long its vectors are and how many heads it has.
        string config = System.IO.Path.Combine(output, _folder, "config.json");
        if (_files.TryReadAll(_folder + "config.json") is null)
        {
            AtomicFile.Write(config, stream => stream.Write(Config.ToJson()));
        }

        foreach (string source in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            string name = System.IO.Path.GetRelativePath(Path, source);
            string[] parts = name.Split(System.IO.Path.DirectorySeparatorChar);
            // Of other programs' weights, graphs of the old weights, and the old card, nothing is true of the new model.
            bool stale =
                System.IO.Path.GetExtension(name) is ".safetensors" or ".bin" or ".h5" or ".msgpack" or ".onnx" or ".ot" or ".npz" or ".png"
                || name.EndsWith(".index.json", StringComparison.Ordinal)
                || name is "README.md"
                || parts.Any(static part => part.StartsWith('.'));
            // Modules after pooling have their own weights, which training does not change.
            if (stale && !(parts is [_, "model.safetensors"] && parts[0] + "/" != _folder && Layout.Folders.Contains(parts[0])))
            {
                continue;
            }

            string target = System.IO.Path.Combine(output, name);
            if (System.IO.Path.GetFullPath(target) != System.IO.Path.GetFullPath(source))
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
                File.Copy(source, target, overwrite: true);
            }
        }

        Layout.Complete(output, Config.Width, MaxTokens);
    }

    private GraphEncoder ReadGraph(string graph)
    {
        var encoder = GraphEncoder.Read(graph);
        string name = _folder + "config.json";
        if (_files.TryReadAll(name) is null)
        {
            return encoder;
        }

        var file = TransformerConfig.Read(_files, name, encoder.Config);
        TransformerConfig config = encoder.Config.With(file, graph);
        if (config.Segments != file.Segments)
        {
            // Texts have one segment only, so that a graph may have its row alone, or nothing where the row was added to another table.
            float[] row = encoder.Weights.GetValueOrDefault("embeddings.segment") ?? new float[config.Width];
            encoder.Weights["embeddings.segment"] =
                config.Segments <= 1 && file.Segments >= 1
                    ? [.. Enumerable.Repeat(row, file.Segments).SelectMany(static values => values)]
                    : throw new InputException($"{graph}: the graph has {config.Segments} segments, and config.json has {file.Segments}");
            config = config with { Segments = file.Segments };
        }

        return encoder with
        {
            Config = config,
        };
    }

    private IEnumerable<string> Shards()
    {
        string folder = System.IO.Path.Combine(Path, _folder);
        if (_files.TryReadAll(_folder + "model.safetensors.index.json") is { } index)
        {
            using JsonDocument document = JsonDocument.Parse(index);
            return document.RootElement.TryGetProperty("weight_map", out JsonElement map) && map.ValueKind == JsonValueKind.Object
                ?
                [
                    .. map.EnumerateObject()
                        .Select(static entry => entry.Value.GetString() ?? "")
                        .Distinct()
                        .Select(name =>
                            name == System.IO.Path.GetFileName(name)
                                ? System.IO.Path.Combine(folder, name)
                                : throw new InputException($"{folder}: the index names a file outside this folder ('{name}')")
                        ),
                ]
                : throw new InputException($"{folder}/model.safetensors.index.json: has no weight_map");
        }

        string single = System.IO.Path.Combine(folder, "model.safetensors");
        return File.Exists(single)
            ? [single]
            : throw new InputException(
                $"{folder}: no model.safetensors; pickled weights (.bin) are not read, because opening them can run code"
            );
    }

    private float[] Read(List<SafetensorsFile> shards, string name, long[] shape)
    {
        // Files from before 2019 call the two parameters of a normalization gamma and beta.
        string old = name.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal)
            .Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal);
        foreach (SafetensorsFile shard in shards)
        {
            foreach (string candidate in (string[])[name, old])
            {
                if (shard.Tensors.TryGetValue(candidate, out SafetensorsTensor? tensor))
                {
                    return tensor.Shape.SequenceEqual(shape)
                        ? shard.ReadSingles(candidate)
                        : throw new InputException($"{Path}: '{candidate}' is {tensor}, expected [{string.Join(", ", shape)}]");
                }
            }
        }

        throw new InputException(
            $"{Path}: no tensor '{name}' (there are "
                + $"{string.Join(", ", shards.SelectMany(static s => s.Tensors.Keys).Take(MaxTensorsListed))} …)"
        );
    }

    private static bool IsTransformerConfig(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            return document.RootElement.StringOrNull("model_type") is not (null or "model2vec");
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return false;
        }
    }
}
