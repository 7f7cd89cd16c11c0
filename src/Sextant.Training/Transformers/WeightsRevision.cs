using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sextant.Training.Transformers;

/// <summary>A hash of weights, which distinguishes two versions of a model.</summary>
internal static class WeightsRevision
{
    public static string Compute(IReadOnlyDictionary<string, float[]> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in weights.Keys.Order(StringComparer.Ordinal))
        {
            hash.AppendData(MemoryMarshal.AsBytes(weights[name].AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
