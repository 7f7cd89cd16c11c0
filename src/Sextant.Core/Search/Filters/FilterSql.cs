using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Sextant.Search.Filters;

/// <summary>
/// Translates a filter into a condition on SQLite's JSON functions. Everything that the user wrote, field names too,
/// travels as a parameter, so no filter can become SQL.
/// </summary>
/// <remarks>Every condition is made 0 or 1, never NULL, which is what lets <c>not</c>, <c>and</c>, <c>or</c> be SQL's own.</remarks>
internal sealed class FilterSql
{
    private readonly string _column;
    private readonly StringBuilder _sql = new();
    private readonly List<SqliteParameter> _parameters = [];

    private FilterSql(string column) => _column = column;

    /// <summary>The condition, for a WHERE clause.</summary>
    public string Condition => _sql.ToString();

    /// <summary>The values that its parameters take.</summary>
    public IReadOnlyList<SqliteParameter> Parameters => _parameters;

    /// <summary>Translates <paramref name="filter"/> for metadata kept as JSON text in <paramref name="column"/>.</summary>
    public static FilterSql Translate(FilterExpression filter, string column)
    {
        FilterSql result = new(column);
        result.Append(filter);
        return result;
    }

    private void Append(FilterExpression filter)
    {
        switch (filter)
        {
            case AndFilter:
                Chain(filter, " and ", static f => f is AndFilter and ? (and.Left, and.Right) : null);
                break;
            case OrFilter:
                Chain(filter, " or ", static f => f is OrFilter or ? (or.Left, or.Right) : null);
                break;
            case NotFilter not:
                _sql.Append("(not ");
                Append(not.Inner);
                _sql.Append(')');
                break;
            case ComparisonFilter comparison:
                Leaf(Compare(comparison));
                break;
            case InFilter list:
                Leaf(In(list));
                break;
            case AnyInFilter any:
                Leaf(AnyIn(any));
                break;
            case ArrayFilter array:
                Leaf(Array(array));
                break;
            case ExistsFilter exists:
                Leaf($"json_type({_column}, {Path(exists.Field)}) is not null");
                break;
            case IsNullFilter isNull:
                Leaf($"json_extract({_column}, {Path(isNull.Field)}) is null");
                break;
            case LikeFilter like:
                string path = Path(like.Field);
                Leaf($"json_type({_column}, {path}) = 'text' and json_extract({_column}, {path}) glob {Parameter(Glob(like.Pattern))}");
                break;
            case ContainsFilter contains:
                Leaf(Contains(contains));
                break;
            default:
                throw new ArgumentException($"unknown type of filter: {filter.GetType().Name}", nameof(filter));
        }
    }

    // "a and b and c" is a tree that leans to the left; one pair of parentheses around all of it spares SQLite's parser its depth.
    private void Chain(FilterExpression filter, string word, Func<FilterExpression, (FilterExpression Left, FilterExpression Right)?> split)
    {
        Stack<FilterExpression> operands = new();
        while (split(filter) is { } pair)
        {
            operands.Push(pair.Right);
            filter = pair.Left;
        }

        _sql.Append('(');
        Append(filter);
        while (operands.TryPop(out FilterExpression? operand))
        {
            _sql.Append(word);
            Append(operand);
        }

        _sql.Append(')');
    }

    private void Leaf(string condition) => _sql.Append("ifnull(").Append(condition).Append(", 0)");

    private string Compare(ComparisonFilter filter)
    {
        string path = Path(filter.Field);
        if (filter.Value.Value is bool truth)
            return $"json_type({_column}, {path}) = '{(truth ? "true" : "false")}'";
        string sign = filter.Comparison switch
        {
            FilterComparison.Equal => "=",
            FilterComparison.Less => "<",
            FilterComparison.LessOrEqual => "<=",
            FilterComparison.Greater => ">",
            _ => ">=",
        };
        string value = Parameter(filter.Value.Value);
        return $"json_type({_column}, {path}) {TypeOf(filter.Value)} and json_extract({_column}, {path}) {sign} {value}";
    }

    private string In(InFilter filter)
    {
        string path = Path(filter.Field);
        List<string> any = [];
        foreach (IGrouping<string, FilterValue> group in filter.Values.GroupBy(TypeOf))
        {
            string type = $"json_type({_column}, {path}) {group.Key}";
            any.Add(
                group.First().IsBoolean
                    ? type
                    : $"({type} and json_extract({_column}, {path}) in ({string.Join(", ", group.Select(v => Parameter(v.Value)))}))"
            );
        }

        return string.Join(" or ", any);
    }

    private string AnyIn(AnyInFilter filter)
    {
        string path = Path(filter.Field);
        string any = string.Join(" or ", filter.Values.Select(Element));
        return $"json_type({_column}, {path}) = 'array' and exists (select 1 from json_each({_column}, {path}) where {any})";
    }

    // As many elements as values, and each at its place.
    private string Array(ArrayFilter filter)
    {
        string path = Path(filter.Field);
        string count = Parameter((long)filter.Values.Count);
        string equal = string.Concat(
            filter.Values.Select(
                (value, i) =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $" and exists (select 1 from json_each({_column}, {path}) where key = {i} and {Element(value)})"
                    )
            )
        );
        return $"json_type({_column}, {path}) = 'array' and json_array_length({_column}, {path}) = {count}{equal}";
    }

    // A row of json_each that equals a value.
    private string Element(FilterValue value) =>
        value.IsBoolean ? $"(type {TypeOf(value)})" : $"(type {TypeOf(value)} and value = {Parameter(value.Value)})";

    private string Contains(ContainsFilter filter)
    {
        string path = Path(filter.Field);
        string value = filter.Value.IsBoolean ? "" : Parameter(filter.Value.Value);
        string equal = filter.Value.IsBoolean ? "" : $" and value = {value}";
        string element =
            $"(json_type({_column}, {path}) = 'array' and exists (select 1 from json_each({_column}, {path}) "
            + $"where type {TypeOf(filter.Value)}{equal}))";
        return filter.Value.IsText
            ? $"{element} or (json_type({_column}, {path}) = 'text' and instr(json_extract({_column}, {path}), {value}) > 0)"
            : element;
    }

    // SQLite returns JSON's true as the number 1 and an object as its text; only the type distinguishes them.
    private static string TypeOf(FilterValue value) =>
        value.Value switch
        {
            string => "= 'text'",
            true => "= 'true'",
            false => "= 'false'",
            _ => "in ('integer', 'real')",
        };

    // A name is escaped the way the store escapes it in metadata, because SQLite compares names in their escaped JSON form.
    /// <summary>The path of a field, as SQLite's JSON functions take it.</summary>
    public static string PathOf(FieldPath field)
    {
        StringBuilder path = new("$");
        foreach (string name in field.Names)
            path.Append(".\"").Append(JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).Append('"');
        return path.ToString();
    }

    private string Path(FieldPath field) => Parameter(PathOf(field));

    private string Parameter(object value)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"$f{_parameters.Count}");
        _parameters.Add(new(name, value));
        return name;
    }

    /// <summary>
    /// SQLite's LIKE ignores the case of ASCII letters only, which would surprise users; GLOB is exact, so the pattern is rewritten for it.
    /// </summary>
    private static string Glob(string pattern)
    {
        StringBuilder glob = new();
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            bool literal = c == '\\' && i + 1 < pattern.Length && pattern[i + 1] is '%' or '_' or '\\';
            if (literal)
                c = pattern[++i];
            glob.Append(
                c switch
                {
                    '%' when !literal => "*",
                    '_' when !literal => "?",
                    '*' or '?' or '[' => $"[{c}]",
                    _ => c.ToString(),
                }
            );
        }

        return glob.ToString();
    }
}
