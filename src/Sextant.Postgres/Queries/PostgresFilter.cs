using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using Sextant.Postgres.Tables;
using Sextant.Search.Filters;

namespace Sextant.Postgres.Queries;

/// <summary>
/// Translates a filter into a condition on the jsonb column <c>fields</c>. Everything that the user wrote, field names too,
/// travels as a parameter, so no filter can become SQL.
/// </summary>
/// <remarks>
/// Every condition is true or false, never NULL, which is what lets <c>not</c>, <c>and</c>, <c>or</c> be SQL's own. Equality is
/// containment, which the GIN index over <c>fields</c> answers.
/// </remarks>
internal sealed class PostgresFilter
{
    private const string Column = "fields";

    private readonly StringBuilder _sql = new();
    private readonly List<NpgsqlParameter> _parameters = [];
    private readonly int _firstParameter;

    private PostgresFilter(int firstParameter) => _firstParameter = firstParameter;

    /// <summary>The condition, for a WHERE clause.</summary>
    public string Condition => _sql.ToString();

    /// <summary>The values that its parameters take.</summary>
    public IReadOnlyList<NpgsqlParameter> Parameters => _parameters;

    /// <summary>Translates <paramref name="filter"/>; its parameters are numbered from <paramref name="firstParameter"/>.</summary>
    public static PostgresFilter Translate(FilterExpression filter, PostgresTable table, int firstParameter)
    {
        PostgresFilter result = new(firstParameter);
        if (table.PartitionBy is { } field && PartitionKey.Required(filter, field) is { } part)
            result._sql.Append("part = ").Append(result.Parameter(part, NpgsqlDbType.Bigint)).Append(" and ");
        result.Append(filter);
        return result;
    }

    private void Append(FilterExpression filter)
    {
        switch (filter)
        {
            case AndFilter and:
                Pair(and.Left, " and ", and.Right);
                break;
            case OrFilter or:
                Pair(or.Left, " or ", or.Right);
                break;
            case NotFilter not:
                _sql.Append("(not ");
                Append(not.Inner);
                _sql.Append(')');
                break;
            case ComparisonFilter { Comparison: FilterComparison.Equal } equal:
                _sql.Append(Equal(equal.Field, [equal.Value]));
                break;
            case ComparisonFilter order:
                Leaf(Ordered(order));
                break;
            case InFilter list:
                _sql.Append(Equal(list.Field, list.Values));
                break;
            case AnyInFilter any:
                Leaf(AnyIn(any));
                break;
            case ArrayFilter array:
                Leaf($"{At(array.Field)} = {Parameter($"[{string.Join(',', array.Values.Select(Json))}]", NpgsqlDbType.Jsonb)}");
                break;
            case ExistsFilter exists:
                _sql.Append('(').Append(At(exists.Field)).Append(" is not null)");
                break;
            case IsNullFilter isNull:
                _sql.Append("coalesce(jsonb_typeof(").Append(At(isNull.Field)).Append(") = 'null', true)");
                break;
            case LikeFilter like:
                Leaf($"{Text(like.Field)} collate \"C\" like {Parameter(Pattern(like.Pattern), NpgsqlDbType.Text)}");
                break;
            case ContainsFilter contains:
                Leaf(Contains(contains));
                break;
            default:
                throw new ArgumentException($"unknown type of filter: {filter.GetType().Name}", nameof(filter));
        }
    }

    private void Pair(FilterExpression left, string word, FilterExpression right)
    {
        _sql.Append('(');
        Append(left);
        _sql.Append(word);
        Append(right);
        _sql.Append(')');
    }

    private void Leaf(string condition) => _sql.Append("coalesce(").Append(condition).Append(", false)");

    private string Equal(FieldPath field, IReadOnlyList<FilterValue> values)
    {
        string[] wanted = [.. values.Select(value => Within(field, value))];
        return wanted.Length == 1
            ? $"({Column} @> {Parameter(wanted[0], NpgsqlDbType.Jsonb)})"
            : $"({Column} @> any({Parameter(wanted, NpgsqlDbType.Jsonb | NpgsqlDbType.Array)}))";
    }

    private string Ordered(ComparisonFilter filter)
    {
        string sign = filter.Comparison switch
        {
            FilterComparison.Less => "<",
            FilterComparison.LessOrEqual => "<=",
            FilterComparison.Greater => ">",
            _ => ">=",
        };
        if (filter.Value.Value is string text)
            return $"{Text(filter.Field)} collate \"C\" {sign} {Parameter(text, NpgsqlDbType.Text)}";
        string at = At(filter.Field);
        // CASE prevents the cast of a value that is not a number.
        return $"case when jsonb_typeof({at}) = 'number' then ({at} #>> '{{}}')::numeric {sign} "
            + $"{Parameter(Json(filter.Value), NpgsqlDbType.Text)}::numeric end";
    }

    private string Contains(ContainsFilter filter)
    {
        string at = At(filter.Field);
        string element = $"{at} @> {Parameter($"[{Json(filter.Value)}]", NpgsqlDbType.Jsonb)}";
        return filter.Value.Value is string text
            ? $"case when jsonb_typeof({at}) = 'string' then strpos({at} #>> '{{}}', {Parameter(text, NpgsqlDbType.Text)}) > 0 else "
                + $"{element} end"
            : element;
    }

    private string AnyIn(AnyInFilter filter)
    {
        string at = At(filter.Field);
        string[] elements = [.. filter.Values.Select(value => $"[{Json(value)}]")];
        return $"jsonb_typeof({at}) = 'array' and {at} @> any({Parameter(elements, NpgsqlDbType.Jsonb | NpgsqlDbType.Array)})";
    }

    // A text, or NULL where the field is something else.
    private string Text(FieldPath field)
    {
        string at = At(field);
        return $"(case when jsonb_typeof({at}) = 'string' then {at} #>> '{{}}' end)";
    }

    // Name by name with "->": the path operator "#>" would take the name "0" for a place in an array.
    private string At(FieldPath field) =>
        $"({Column}{string.Concat(field.Names.Select(name => $" -> {Parameter(name, NpgsqlDbType.Text)}"))})";

    private string Parameter(object value, NpgsqlDbType type)
    {
        _parameters.Add(new() { Value = value, NpgsqlDbType = type });
        return string.Create(CultureInfo.InvariantCulture, $"${_firstParameter + _parameters.Count - 1}");
    }

    /// <summary>The smallest metadata that meet the condition: the field, in the objects that hold it.</summary>
    private static string Within(FieldPath field, FilterValue value) =>
        string.Concat(field.Names.Select(name => $"{{{JsonValue.Create(name).ToJsonString()}:"))
        + Json(value)
        + new string('}', field.Names.Count);

    private static string Json(FilterValue value) =>
        value.Value switch
        {
            string text => JsonValue.Create(text).ToJsonString(),
            bool truth => truth ? "true" : "false",
            long or double => FilterNumber.Create(value).ToDecimal(),
            _ => throw new ArgumentException("not a known kind of value", nameof(value)),
        };

    /// <summary>In PostgreSQL a backslash escapes any character after it; here only <c>%</c>, <c>_</c> and itself.</summary>
    private static string Pattern(string pattern)
    {
        StringBuilder like = new();
        for (int i = 0; i < pattern.Length; i++)
        {
            like.Append(pattern[i]);
            if (pattern[i] != '\\')
                continue;
            bool escapes = i + 1 < pattern.Length && pattern[i + 1] is '%' or '_' or '\\';
            like.Append(escapes ? pattern[++i] : '\\');
        }

        return like.ToString();
    }
}
