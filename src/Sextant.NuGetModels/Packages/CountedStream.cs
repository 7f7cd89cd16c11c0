using System.Globalization;
using System.IO.Hashing;

namespace Sextant.NuGetModels.Packages;

/// <summary>Reads exactly as many bytes as were announced; more, fewer, or others than their checksum says are an error.</summary>
internal sealed class CountedStream(Stream inner, long length, uint checksum, string name) : Stream
{
    private readonly Crc32 _checksum = new();
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = inner.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{name} is damaged: {e.Message}", e);
        }

        _read += read;
        if (_read > length || (read == 0 && buffer.Length > 0 && _read < length))
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{name} says that it holds {length:N0} bytes and holds {(_read > length ? "more" : "fewer")}"));
        }

        _checksum.Append(buffer[..read]);
        if (read > 0 && _read == length && _checksum.GetCurrentHashAsUInt32() != checksum)
        {
            throw new InputException($"{name} is damaged: its checksum is not the one that the package names");
        }

        return read;
    }

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
