using System.IO.Hashing;

namespace Sextant.Onnx.Inference;

/// <summary>
/// Names the edition of a model by what its files hold, so that two copies are one model and retrained weights are another.
/// </summary>
internal static class DirectoryRevision
{
    private static readonly string[] Names =
    [
        "config.json",
        "modules.json",
        "sentence_bert_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "vocab.txt",
        "vocab.json",
        "merges.txt",
        "sentencepiece.bpe.model",
        "tokenizer.model",
        "spiece.model",
        "sentencepiece.model",
    ];

    private static readonly string[] ModuleNames = ["config.json", "sentence_bert_config.json", "model.safetensors"];

    /// <summary>
    /// Hashes the graph, its external data and the files that control it to 32 hexadecimal digits. XXH128 instead of SHA-256, because
    /// gigabytes of weights are read at every start, and users have no reason to forge the keys of their own cache entries.
    /// </summary>
    /// <param name="files">The model's folder.</param>
    /// <param name="moduleFolders">The folders of its modules, each with a trailing <c>/</c>, without the root folder.</param>
    /// <param name="graphFiles">The graph and the files that hold its weights.</param>
    public static string Compute(ModelFiles files, IEnumerable<string> moduleFolders, IEnumerable<string> graphFiles)
    {
        var hash = new XxHash128();
        foreach (string name in Names.Concat(moduleFolders.SelectMany(static folder => ModuleNames.Select(name => folder + name))))
        {
            using Stream? stream = files.TryOpen(name);
            Append(hash, stream);
        }

        foreach (string file in graphFiles)
        {
            using FileStream stream = File.OpenRead(file);
            Append(hash, stream);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void Append(XxHash128 hash, Stream? stream)
    {
        // The length keeps "ab" + "c" and "a" + "bc" apart.
        hash.Append(BitConverter.GetBytes(stream?.Length ?? -1));
        if (stream is not null)
        {
            hash.Append(stream);
        }
    }
}
