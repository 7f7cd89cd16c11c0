using System.Text;

namespace Sextant.Search.Filters;

internal enum FilterTokenKind
{
    End,
    Word,
    QuotedName,
    Text,
    Number,
    Symbol,
}

/// <summary>One word, value or sign of a filter. <see cref="Value"/> is its meaning: quotes taken off, doubled quotes undone.</summary>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Value, int Position)
{
    public bool IsSymbol(string symbol) => Kind == FilterTokenKind.Symbol && Value == symbol;

    /// <summary>Keywords are written in any case; a quoted name is never one.</summary>
    public bool IsWord(string word) => Kind == FilterTokenKind.Word && Value.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Cuts a filter into tokens.</summary>
/// <param name="filter">The filter.</param>
/// <param name="what">What the text is called in errors.</param>
internal ref struct FilterLexer(string filter, string what)
{
    private static readonly string[] Symbols = ["<=", ">=", "!=", "<>", "==", "=", "<", ">", "(", ")", ",", "."];

    private int _position;

    public FilterToken Next()
    {
        while (_position < filter.Length && char.IsWhiteSpace(filter[_position]))
            _position++;
        if (_position == filter.Length)
            return new(FilterTokenKind.End, "", _position);

        char c = filter[_position];
        if (c is '\'' or '"')
            return Quoted(c);
        if (char.IsAsciiDigit(c) || c == '-')
            return Number();
        if (IsNameStart(c))
            return Word();
        foreach (string symbol in Symbols)
        {
            if (!filter.AsSpan(_position).StartsWith(symbol, StringComparison.Ordinal))
                continue;
            _position += symbol.Length;
            return new(FilterTokenKind.Symbol, symbol, _position - symbol.Length);
        }

        string hint = c is '&' or '|' or '!' ? "write 'and', 'or', 'not'" : "put a field name with other characters in double quotes";
        throw FilterError.Create(filter, _position, $"'{c}' is not valid here: {hint}", what);
    }

    private FilterToken Quoted(char quote)
    {
        int start = _position++;
        StringBuilder value = new();
        while (_position < filter.Length)
        {
            char c = filter[_position++];
            if (c == '\0')
                throw FilterError.Create(filter, _position - 1, "a filter cannot contain the NUL character", what);
            if (c != quote)
            {
                value.Append(c);
                continue;
            }

            if (_position == filter.Length || filter[_position] != quote)
            {
                FilterTokenKind kind = quote == '\'' ? FilterTokenKind.Text : FilterTokenKind.QuotedName;
                return new(kind, value.ToString(), start);
            }

            value.Append(quote);
            _position++;
        }

        throw FilterError.Create(filter, start, $"the quote opened here is not closed (write {quote} inside it as {quote}{quote})", what);
    }

    private FilterToken Number()
    {
        int start = _position++;
        while (_position < filter.Length && IsNumberPart(filter[_position], filter[_position - 1]))
            _position++;
        return new(FilterTokenKind.Number, filter[start.._position], start);
    }

    private FilterToken Word()
    {
        int start = _position++;
        while (_position < filter.Length && (IsNameStart(filter[_position]) || char.IsDigit(filter[_position]) || filter[_position] == '-'))
            _position++;
        return new(FilterTokenKind.Word, filter[start.._position], start);
    }

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_' || char.IsSurrogate(c);

    // "2020-01-01" without quotes is then one malformed number, which the error can name.
    private static bool IsNumberPart(char c, char before) =>
        char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' || (c == '+' && before is 'e' or 'E');
}
