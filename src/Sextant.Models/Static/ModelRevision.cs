using System.Security.Cryptography;

namespace Sextant.Models.Static;

/// <summary>
/// Names the edition of a model by what its files hold, so that two copies are one model and retrained weights are another.
/// </summary>
internal static class ModelRevision
{
    private static readonly string[] Names = ["config.json", "modules.json", "model.safetensors", "tokenizer.json", "vocab.txt"];

    /// <summary>32 hexadecimal digits (the first half of a SHA-256) over the files that decide what vectors come out.</summary>
    public static string Compute(ModelFiles files, string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        foreach (string name in Names)
        {
            using Stream? stream = files.TryOpen(name is "config.json" or "modules.json" ? name : folder + name);
            if (stream is not null)
            {
                // The length keeps "ab" + "c" and "a" + "bc" apart.
                hash.AppendData(BitConverter.GetBytes(stream.Length));
                for (int read; (read = stream.Read(buffer)) > 0; )
                {
                    hash.AppendData(buffer.AsSpan(0, read));
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash().AsSpan(0, 16));
    }
}
