using System.IO.Hashing;

namespace Sextant.Index.Snapshots;

/// <summary>Forwards writes and hashes them.</summary>
internal sealed class HashingStream(Stream inner) : Stream
{
    private readonly XxHash3 _hash = new();
    private long _written;

    public ulong Hash => _hash.GetCurrentHashAsUInt64();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException("The stream is hashed, so it is written sequentially.");
    }

    /// <summary>Writes zeros up to the next multiple of <paramref name="unit"/>.</summary>
    public void Fill(int unit)
    {
        int rest = (int)(_written % unit);
        if (rest > 0)
            Write(new byte[unit - rest]);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        _hash.Append(buffer);
        _written += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is for writing.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("This stream is forward-only.");

    public override void SetLength(long value) => throw new NotSupportedException("This stream is forward-only.");
}
