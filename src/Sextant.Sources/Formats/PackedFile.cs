using System.IO.Compression;

namespace Sextant.Sources.Formats;

/// <summary>
/// Unpacks .gz files and notices one that ends too early, which <see cref="GZipStream"/> takes for the end of the data. A last member is
/// put after the file: it comes out whole only where everything before it is whole.
/// </summary>
internal static class PackedFile
{
    private static readonly byte[] End = "sextant: end of the packed file\n"u8.ToArray();
    private static readonly byte[] PackedEnd = Pack(End);

    /// <summary>The unpacked contents; the stream owns <paramref name="packed"/>.</summary>
    /// <exception cref="InvalidDataException">While reading: the file is damaged or ends too early.</exception>
    public static Stream Unpack(Stream packed) => new CheckedStream(new FollowedStream(packed));

    private static byte[] Pack(byte[] bytes)
    {
        using MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.NoCompression))
            gzip.Write(bytes);
        return target.ToArray();
    }

    /// <summary>A stream and the last member after it.</summary>
    private sealed class FollowedStream(Stream first) : ForwardStream
    {
        private int _next = -1;

        /// <summary>Whether the last member was asked for, because all before it was used up.</summary>
        public bool IsAfterFirst => _next >= 0;

        public override int Read(Span<byte> buffer)
        {
            if (_next < 0)
            {
                int read = first.Read(buffer);
                if (read > 0 || buffer.IsEmpty)
                    return read;
                _next = 0;
            }

            int count = Math.Min(buffer.Length, PackedEnd.Length - _next);
            PackedEnd.AsSpan(_next, count).CopyTo(buffer);
            _next += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                first.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>What comes out once the last member was asked for is exactly that member, or the file before it was not whole.</summary>
    private sealed class CheckedStream(FollowedStream followed) : ForwardStream
    {
        private readonly GZipStream _unpacked = new(followed, CompressionMode.Decompress);
        private bool _isAtEnd;

        public override int Read(Span<byte> buffer)
        {
            if (_isAtEnd || buffer.IsEmpty)
                return 0;
            int read = _unpacked.Read(buffer);
            if (!followed.IsAfterFirst)
                return read;
            Span<byte> last = stackalloc byte[End.Length + 1];
            int length = Math.Min(read, last.Length);
            buffer[..length].CopyTo(last);
            if (read > 0)
                length += _unpacked.ReadAtLeast(last[length..], last.Length - length, throwOnEndOfStream: false);
            if (!last[..length].SequenceEqual(End))
                throw new InvalidDataException("it ends too early");
            _isAtEnd = true;
            return 0;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _unpacked.Dispose();
            base.Dispose(disposing);
        }
    }
}
