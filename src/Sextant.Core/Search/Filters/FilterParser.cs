using System.Globalization;

namespace Sextant.Search.Filters;

/// <summary>
/// Recursive descent over the grammar
/// <code>
/// filter     := all ( 'or' all )*
/// all        := one ( 'and' one )*
/// one        := 'not' one | '(' filter ')' | 'exists' field | condition
/// condition  := field ( '=' | '==' | '!=' | '&lt;>' | '&lt;' | '&lt;=' | '>' | '>=' ) value
///             | field 'is' 'not'? 'null'
///             | field 'not'? ( 'in' '(' value ( ',' value )* ')' | 'like' text | 'contains' value )
/// field      := name ( '.' name )*          name  := word | '"' … '"'
/// value      := text | number | 'true' | 'false' | 'null'
/// </code>
/// </summary>
/// <remarks>The bounds keep a hostile filter from exhausting the stack here or the expression depth of a database behind.</remarks>
internal sealed class FilterParser
{
    private const int MaxLength = 20_000;

    private readonly string _filter;
    private readonly string _what;
    private readonly List<FilterToken> _tokens = [];
    private int _next;
    private int _depth;
    private int _conditions;

    /// <param name="filter">The filter.</param>
    /// <param name="what">What the text is called in errors.</param>
    public FilterParser(string filter, string what = "filter")
    {
        if (filter.Length > MaxLength)
        {
            throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"the {what} has {filter.Length} characters; the limit is {MaxLength}")
            );
        }
        (_filter, _what) = (filter, what);
        FilterLexer lexer = new(filter, what);
        do _tokens.Add(lexer.Next());
        while (_tokens[^1].Kind != FilterTokenKind.End);
    }

    private FilterToken Current => _tokens[_next];

    public FilterExpression Parse()
    {
        if (Current.Kind == FilterTokenKind.End)
            throw new InputException("the filter is empty: write a condition such as lang = 'en'");
        FilterExpression expression = Any();
        if (Current.Kind != FilterTokenKind.End)
            throw Unexpected("'and', 'or' or the end");
        return expression;
    }

    /// <summary>Reads the text as the name of a single field.</summary>
    public FieldPath ParseField()
    {
        if (Current.Kind == FilterTokenKind.End)
            throw new InputException("the name of a field is empty: write one such as topic or author.name");
        FieldPath field = Field();
        return Current.Kind == FilterTokenKind.End ? field : throw Unexpected("the end");
    }

    private FilterExpression Any()
    {
        FilterExpression left = All();
        while (TakeWord("or"))
            left = new OrFilter(left, All());
        return left;
    }

    private FilterExpression All()
    {
        FilterExpression left = One();
        while (TakeWord("and"))
            left = new AndFilter(left, One());
        return left;
    }

    private FilterExpression One()
    {
        FilterToken first = Current;
        if (++_depth > FilterLimits.MaxDepth)
            throw Error(first, $"the filter is nested more than {FilterLimits.MaxDepth} deep");
        FilterExpression result;
        if (TakeWord("not"))
        {
            result = new NotFilter(One());
        }
        else if (TakeSymbol("("))
        {
            result = Any();
            if (!TakeSymbol(")"))
                throw Unexpected("')'");
        }
        else
        {
            if (++_conditions > FilterLimits.MaxConditions)
                throw Error(first, $"the filter has more than {FilterLimits.MaxConditions} conditions");
            // "exists" alone may still be the name of a field: exists = 1.
            result = Current.IsWord("exists") && IsName(_tokens[_next + 1]) && Take() ? new ExistsFilter(Field()) : Condition();
        }

        _depth--;
        return result;
    }

    private FilterExpression Condition()
    {
        FieldPath field = Field();
        if (TakeSymbol("=") || TakeSymbol("=="))
            return Equal(field);
        if (TakeSymbol("!=") || TakeSymbol("<>"))
            return new NotFilter(Equal(field));
        if (TakeSymbol("<"))
            return Ordered(field, FilterComparison.Less);
        if (TakeSymbol("<="))
            return Ordered(field, FilterComparison.LessOrEqual);
        if (TakeSymbol(">"))
            return Ordered(field, FilterComparison.Greater);
        if (TakeSymbol(">="))
            return Ordered(field, FilterComparison.GreaterOrEqual);
        if (TakeWord("is"))
        {
            bool negated = TakeWord("not");
            if (!TakeWord("null"))
                throw Unexpected("'null'");
            return Negate(negated, new IsNullFilter(field));
        }

        bool not = TakeWord("not");
        if (TakeWord("in"))
            return Negate(not, new InFilter(field, List(isEmptyAllowed: false)));
        if (TakeWord("any"))
        {
            if (!TakeWord("in"))
                throw Unexpected("'in'");
            return Negate(not, new AnyInFilter(field, List(isEmptyAllowed: false)));
        }

        if (TakeWord("like"))
            return Negate(not, Like(field));
        if (TakeWord("contains"))
            return Negate(not, new ContainsFilter(field, Value("a value")));
        throw Unexpected(
            not ? "'in', 'any in', 'like' or 'contains'" : "a comparison (=, !=, <, <=, >, >=, in, any in, like, contains, is null)"
        );
    }

    private FilterExpression Equal(FieldPath field) =>
        TakeWord("null") ? new IsNullFilter(field)
        : Current.IsSymbol("(") ? new ArrayFilter(field, List(isEmptyAllowed: true))
        : new ComparisonFilter(field, FilterComparison.Equal, Value("a value"));

    private ComparisonFilter Ordered(FieldPath field, FilterComparison comparison)
    {
        FilterToken token = Current;
        FilterValue value = Value("a text or a number");
        if (value.IsBoolean)
            throw Error(token, "true and false have no order; compare them with = or !=");
        return new(field, comparison, value);
    }

    private List<FilterValue> List(bool isEmptyAllowed)
    {
        if (!TakeSymbol("("))
            throw Unexpected("'(' and a list of values");
        if (isEmptyAllowed && TakeSymbol(")"))
            return [];
        List<FilterValue> values = [Value("a value")];
        while (TakeSymbol(","))
            values.Add(Value("a value"));
        if (!TakeSymbol(")"))
            throw Unexpected("',' or ')'");
        return values;
    }

    private LikeFilter Like(FieldPath field)
    {
        FilterToken token = Current;
        if (Value("a pattern such as 'intro%'") is not { IsText: true, Value: string pattern })
            throw Error(token, "write the pattern of like in single quotes");
        return new(field, pattern);
    }

    private FieldPath Field()
    {
        List<string> names = [Name()];
        while (TakeSymbol("."))
            names.Add(Name());
        if (names.Count > FilterLimits.MaxDepth)
            throw Error(Current, $"the field is nested more than {FilterLimits.MaxDepth} deep");
        return new(names);
    }

    private string Name()
    {
        FilterToken token = Current;
        if (!IsName(token))
            throw Unexpected("a field name");
        if (token.Value.Length == 0)
            throw Error(token, "a field name cannot be empty");
        _next++;
        return token.Value;
    }

    private FilterValue Value(string expected)
    {
        FilterToken token = Current;
        if (token.Kind == FilterTokenKind.Text && Take())
            return FilterValue.Text(token.Value);
        if (TakeWord("true"))
            return FilterValue.Boolean(true);
        if (TakeWord("false"))
            return FilterValue.Boolean(false);
        if (token.Kind == FilterTokenKind.Number)
        {
            _next++;
            return Number(token);
        }

        if (token.IsWord("null"))
            throw Error(token, "null is valid only after '=', '!=' or 'is'");
        if (token.Kind == FilterTokenKind.QuotedName)
            throw Error(token, $"write a text in single quotes: '{token.Value}'");
        throw Unexpected(expected);
    }

    private FilterValue Number(FilterToken token)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (long.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return FilterValue.Number(whole);
        if (double.TryParse(token.Value, Style, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real))
            return FilterValue.Number(real);
        throw Error(token, $"{token.Value} is not a number; write a text or a date in single quotes");
    }

    private static FilterExpression Negate(bool not, FilterExpression expression) => not ? new NotFilter(expression) : expression;

    private static bool IsName(FilterToken token) => token.Kind is FilterTokenKind.Word or FilterTokenKind.QuotedName;

    private bool Take()
    {
        _next++;
        return true;
    }

    private bool TakeWord(string word) => Current.IsWord(word) && Take();

    private bool TakeSymbol(string symbol) => Current.IsSymbol(symbol) && Take();

    private InputException Unexpected(string expected) =>
        Error(
            Current,
            Current.Kind == FilterTokenKind.End ? $"the {_what} ends where {expected} is expected" : $"{expected} is expected here"
        );

    private InputException Error(FilterToken token, string problem) => FilterError.Create(_filter, token.Position, problem, _what);
}
