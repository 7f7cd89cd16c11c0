using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Sextant.Server.Http;

/// <summary>
/// Decompresses a gzip body up to the limit; damage in it is a client error. The decoder accepts a truncated stream as complete, so the
/// length at the end of the stream is checked: half of a batch must not count as the whole.
/// </summary>
internal sealed class GzipBody(Stream compressed, long most) : RequestStream
{
    private readonly GZipStream _decoder = new(new Tail(compressed), CompressionMode.Decompress);
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await _decoder.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }

        _read += count;
        if (_read > most)
            throw new BadHttpRequestException("The body is too large when decompressed.", StatusCodes.Status413PayloadTooLarge);
        // RFC 1952: the last four bytes are the uncompressed length modulo 2^32.
        if (count == 0 && buffer.Length > 0 && ((Tail)_decoder.BaseStream).Number != (uint)_read)
            throw Damaged();
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _decoder.Dispose();
        base.Dispose(disposing);
    }

    private static ServiceException Damaged() =>
        ServiceException.BadRequest(
            "The body is not a complete gzip stream: it is damaged or truncated.",
            "Content-Encoding",
            "damaged_body"
        );

    /// <summary>Keeps the last four bytes that went through.</summary>
    private sealed class Tail(Stream inner) : RequestStream
    {
        private readonly byte[] _last = new byte[sizeof(uint)];
        private long _read;

        /// <summary>These bytes as a little-endian number; none when there were fewer.</summary>
        public uint? Number => _read < _last.Length ? null : BinaryPrimitives.ReadUInt32LittleEndian(_last);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await inner.ReadAsync(buffer, cancellationToken);
            int taken = Math.Min(count, _last.Length);
            _last.AsSpan(taken).CopyTo(_last);
            buffer.Span[(count - taken)..count].CopyTo(_last.AsSpan(_last.Length - taken));
            _read += count;
            return count;
        }
    }
}
