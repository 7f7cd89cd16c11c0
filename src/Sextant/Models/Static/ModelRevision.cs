using System.IO.Hashing;

namespace Sextant.Models.Static;

/// <summary>
/// Names the edition of a model by what its files hold, so that two copies are one model and retrained weights are another.
/// </summary>
internal static class ModelRevision
{
    private static readonly string[] Names = ["config.json", "modules.json", "model.safetensors", "tokenizer.json", "vocab.txt"];

    /// <summary>32 hexadecimal digits (XXH128) over the files that decide what vectors come out.</summary>
    public static string Of(ModelFiles files, string folder)
    {
        var hash = new XxHash128();
        foreach (string name in Names)
        {
            using Stream? stream = files.TryOpen(name is "config.json" or "modules.json" ? name : folder + name);
            if (stream is not null)
            {
                // The length keeps "ab" + "c" and "a" + "bc" apart.
                hash.Append(BitConverter.GetBytes(stream.Length));
                hash.Append(stream);
            }
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
