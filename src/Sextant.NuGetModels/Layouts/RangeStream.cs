namespace Sextant.NuGetModels.Layouts;

/// <summary>Reads the next <paramref name="length"/> bytes of a stream.</summary>
internal sealed class RangeStream(Stream inner, long length) : PartStream(inner, length)
{
    public override int Read(Span<byte> buffer)
    {
        int read = Inner.Read(buffer[..(int)Math.Min(buffer.Length, Length - Done)]);
        Done += read;
        return read;
    }
}
