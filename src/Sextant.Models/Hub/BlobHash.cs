using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sextant.Models.Hub;

/// <summary>Computes, while bytes arrive, the hash that names a blob: SHA-256 of large files, git's object hash of small ones.</summary>
internal sealed class BlobHash : IDisposable
{
    private readonly IncrementalHash _hash;

    /// <param name="expected">40 or 64 hexadecimal digits.</param>
    /// <param name="size">The length of the whole content, which git's hash begins with.</param>
    public BlobHash(string expected, long size)
    {
        bool git = expected.Length == 40;
#pragma warning disable CA5350 // The name of a git object is a SHA-1; it is compared, not chosen.
        _hash = IncrementalHash.CreateHash(git ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
#pragma warning restore CA5350
        if (git)
        {
            _hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {size}\0")));
        }
    }

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
