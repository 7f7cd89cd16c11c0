using System.Text;

namespace Sextant.Sources.Formats;

/// <summary>
/// Decodes sources: UTF-8 with or without a byte order mark, UTF-16 with one. Invalid bytes become <see cref="Invalid"/>, so that an error
/// can name their line.
/// </summary>
internal static class SourceEncoding
{
    /// <summary>U+FFFE, which Unicode promises never to be a character: no text contains it, so it can stand for broken bytes.</summary>
    public const char Invalid = '\uFFFE';

    private const int MarkLength = 3;

    public static StreamReader Open(Stream stream, bool leaveOpen = false)
    {
        byte[] mark = new byte[MarkLength];
        int read = stream.ReadAtLeast(mark, MarkLength, throwOnEndOfStream: false);
        (string name, int skip) = mark.AsSpan(0, read) switch
        {
            [0xEF, 0xBB, 0xBF, ..] => ("utf-8", 3),
            [0xFF, 0xFE, ..] => ("utf-16", 2),
            [0xFE, 0xFF, ..] => ("utf-16BE", 2),
            _ => ("utf-8", 0),
        };
        var encoding = Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback(Invalid.ToString()));
        return new StreamReader(
            new PrefixedStream(mark.AsMemory(skip, Math.Max(0, read - skip)), stream, leaveOpen),
            encoding,
            false,
            1 << 16
        );
    }

    /// <summary>The problem with the characters of a text, or <see langword="null"/>.</summary>
    public static string? Fault(ReadOnlySpan<char> text) =>
        text.IndexOfAny(Invalid, '\0') switch
        {
            < 0 => null,
            int i when text[i] == Invalid => "bytes that are not UTF-8 (or UTF-16 after a byte order mark); save the file as UTF-8",
            _ => "a NUL character; the file is not text, or it is damaged",
        };

    /// <summary>The bytes that were read to look for a mark, then the rest.</summary>
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest, bool leaveOpen) : ForwardStream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public override int Read(Span<byte> buffer)
        {
            if (_prefix.IsEmpty)
                return rest.Read(buffer);
            int count = Math.Min(buffer.Length, _prefix.Length);
            _prefix.Span[..count].CopyTo(buffer);
            _prefix = _prefix[count..];
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !leaveOpen)
                rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
