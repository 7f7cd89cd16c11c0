namespace Sextant.NuGetModels.Layouts;

/// <summary>A part of known length of a stream, which is read once, from its beginning to its end, and disposed with it.</summary>
internal abstract class PartStream(Stream inner, long length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => Done;
        set => throw new NotSupportedException();
    }

    /// <summary>How many bytes were read.</summary>
    protected long Done { get; set; }

    protected Stream Inner => inner;

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // The base class would call the overload above, and that one this again.
    public abstract override int Read(Span<byte> buffer);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
