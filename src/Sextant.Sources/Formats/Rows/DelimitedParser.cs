using System.Text;

namespace Sextant.Sources.Formats.Rows;

/// <summary>A field of a table, and whether it was quoted.</summary>
internal readonly record struct DelimitedField(string Text, bool Quoted);

/// <summary>A row of a table.</summary>
/// <param name="Fields">Valid until the next row is read.</param>
/// <param name="Line">The line on which it starts, from 1.</param>
/// <param name="Fault">The reason why the row is unusable, or <see langword="null"/>.</param>
/// <param name="Unclosed">Whether the row ends, with the file, inside quotes: its end cannot be determined.</param>
internal readonly record struct DelimitedRow(IReadOnlyList<DelimitedField> Fields, int Line, string? Fault, bool Unclosed);

/// <summary>
/// Reads delimited values as RFC 4180 writes them. Our own, because every message needs what only the parser knows:
/// the line on which a row begins, and the quote that is never closed.
/// </summary>
/// <remarks>
/// A quote opens a quoted field only as its first character; elsewhere it is a character like any other (5" disk). Lines end with
/// LF, CRLF or CR. A comma table whose first line has a semicolon or tab and no comma is taken to be separated by that.
/// </remarks>
internal sealed class DelimitedParser(TextReader reader, char separator, int maxCharacters = SourceScope.MaxCharacters, bool quotes = true)
{
    private readonly StringBuilder _field = new();
    private readonly List<DelimitedField> _row = [];
    private readonly char[] _buffer = new char[1 << 14];
    private int _at;
    private int _end;
    private int _lineNow = 1;
    private int _length;
    private char _separator = separator;
    private bool _separatorKnown = separator != ',';

    /// <summary>The line on which the row begins that was read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The problem with the last row read, or <see langword="null"/>.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether the row that was read last ends, with the file, inside of quotes.</summary>
    public bool Unclosed { get; private set; }

    /// <summary>The fields of the next row, valid until the next call; <see langword="null"/> after the last.</summary>
    public IReadOnlyList<DelimitedField>? Read()
    {
        if (Peek() < 0)
            return null;
        if (!_separatorKnown)
            FindSeparator();
        _row.Clear();
        (Line, Fault, Unclosed, _length) = (_lineNow, null, false, 0);
        while (ReadField()) { }
        return _row;
    }

    /// <summary>The rows from here on, without blank lines.</summary>
    public IEnumerable<DelimitedRow> Rows()
    {
        while (Read() is { } row)
        {
            string? fault =
                Fault ?? row.Select(static field => SourceEncoding.Fault(field.Text)).FirstOrDefault(static wrong => wrong is not null);
            if (fault is not null || row is not [{ Text.Length: 0, Quoted: false }])
                yield return new(row, Line, fault, Unclosed);
        }
    }

    /// <summary>Reads one field; whether another follows in the row.</summary>
    private bool ReadField()
    {
        _field.Clear();
        bool quoted = quotes && Peek() == '"';
        if (quoted)
            ReadQuoted();
        while (true)
        {
            int c = Peek();
            if (c < 0)
                break;
            _at++;
            if (c == _separator)
            {
                _row.Add(new(_field.ToString(), quoted));
                return true;
            }

            if (c is '\n' or '\r')
            {
                EndLine(c);
                break;
            }

            Hold((char)c);
        }

        _row.Add(new(_field.ToString(), quoted));
        return false;
    }

    private void ReadQuoted()
    {
        _at++;
        while (true)
        {
            int c = Peek();
            if (c < 0)
            {
                (Unclosed, Fault) = (true, "a quote in this row is not closed; close or remove it");
                return;
            }

            _at++;
            if (c == '"')
            {
                if (Peek() != '"')
                    return;
                _at++;
            }
            else if (c is '\n' or '\r')
            {
                EndLine(c);
                c = '\n';
            }

            Hold((char)c);
        }
    }

    private void EndLine(int c)
    {
        if (c == '\r' && Peek() == '\n')
            _at++;
        _lineNow++;
    }

    private void Hold(char c)
    {
        if (++_length <= maxCharacters)
            _field.Append(c);
        else
            Fault ??= $"the row is longer than {maxCharacters / 1024 / 1024} Mi characters; is a quote not closed?";
    }

    // Spreadsheets write semicolons where the comma is the decimal sign, and call it CSV all the same.
    private void FindSeparator()
    {
        _separatorKnown = true;
        ReadOnlySpan<char> first = _buffer.AsSpan(_at, _end - _at);
        int end = first.IndexOfAny('\n', '\r');
        if (end >= 0)
            first = first[..end];
        if (first.Contains(','))
            return;
        if (first.Contains(';'))
            _separator = ';';
        else if (first.Contains('\t'))
            _separator = '\t';
    }

    private int Peek()
    {
        if (_at == _end)
        {
            _at = 0;
            _end = reader.ReadBlock(_buffer, 0, _buffer.Length);
            if (_end == 0)
                return -1;
        }

        return _buffer[_at];
    }
}
