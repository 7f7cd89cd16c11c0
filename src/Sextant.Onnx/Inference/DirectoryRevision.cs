using System.IO.Hashing;
using Sextant.Models;

namespace Sextant.Onnx.Inference;

/// <summary>Names the edition of a model by what its files hold, so that two copies are one model and retrained weights are another.</summary>
internal static class DirectoryRevision
{
    private static readonly string[] Names =
    [
        "config.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json", "tokenizer.json", "tokenizer_config.json",
        "vocab.txt", "2_Dense/model.safetensors", "2_Dense/config.json",
    ];

    /// <summary>
    /// 32 hexadecimal digits over the graph, its external data and the files that steer it. XXH128 rather than SHA-256:
    /// weights are gigabytes, read at every start, and nobody gains by forging the name of their own cache entries.
    /// </summary>
    public static string Of(ModelFiles files, string graphPath)
    {
        var hash = new XxHash128();
        foreach (string name in Names)
        {
            using Stream? stream = files.TryOpen(name);
            Append(hash, stream);
        }

        string folder = Path.GetDirectoryName(graphPath)!;
        IEnumerable<string> data = Directory.GetFiles(folder)
            .Where(file => file != graphPath && Path.GetFileName(file).StartsWith(Path.GetFileName(graphPath), StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        foreach (string file in data.Prepend(graphPath))
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
