using System.Text;

namespace Sextant.Sources.Formats;

/// <summary>
/// Reads lines that end with LF, CRLF or CR and counts them. A line that is too long is skipped without buffering it, and reported as
/// <see cref="TooLong"/>.
/// </summary>
internal sealed class LineReader(TextReader reader, int maxCharacters = SourceScope.MaxCharacters)
{
    private readonly char[] _buffer = new char[1 << 14];
    private readonly StringBuilder _long = new();
    private int _start;
    private int _end;
    private bool _afterReturn;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Whether the line that was read last was longer than is read; it came as an empty one.</summary>
    public bool TooLong { get; private set; }

    /// <summary>The next line, without its end; <see langword="null"/> after the last.</summary>
    public string? Read()
    {
        TooLong = false;
        _long.Clear();
        bool any = false;
        while (_start < _end || Fill())
        {
            if (_afterReturn && _buffer[_start] == '\n')
            {
                _afterReturn = false;
                _start++;
                continue;
            }

            _afterReturn = false;
            any = true;
            Span<char> rest = _buffer.AsSpan(_start, _end - _start);
            int length = rest.IndexOfAny('\n', '\r');
            if (length >= 0)
            {
                _afterReturn = rest[length] == '\r';
                _start += length + 1;
                return Take(rest[..length]);
            }

            Hold(rest);
            _start = _end;
        }

        return any ? Take([]) : null;
    }

    private string Take(ReadOnlySpan<char> last)
    {
        Line++;
        if (_long.Length == 0 && !TooLong && last.Length <= maxCharacters)
            return new string(last);
        Hold(last);
        return TooLong ? "" : _long.ToString();
    }

    private void Hold(ReadOnlySpan<char> part)
    {
        if (TooLong |= _long.Length + part.Length > maxCharacters)
            _long.Clear();
        else
            _long.Append(part);
    }

    private bool Fill()
    {
        _start = 0;
        _end = reader.Read(_buffer, 0, _buffer.Length);
        return _end > 0;
    }
}
