using System.Globalization;
using System.IO.Hashing;
using Sextant.NuGetModels.Layouts;

namespace Sextant.NuGetModels.Packages;

/// <summary>Reads exactly as many bytes as were announced; more, fewer, or others than their checksum says are an error.</summary>
internal sealed class CountedStream(Stream inner, long length, uint checksum, string name) : PartStream(inner, length)
{
    private readonly Crc32 _checksum = new();

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = Inner.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{name} is damaged: {e.Message}", e);
        }

        Done += read;
        if (Done > Length || (read == 0 && buffer.Length > 0 && Done < Length))
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} declares {Length:N0} bytes and has {(Done > Length ? "more" : "fewer")}"
                )
            );
        }

        _checksum.Append(buffer[..read]);
        if (read > 0 && Done == Length && _checksum.GetCurrentHashAsUInt32() != checksum)
        {
            throw new InputException($"{name} is damaged: its checksum does not match the package's");
        }

        return read;
    }
}
