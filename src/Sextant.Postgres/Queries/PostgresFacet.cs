using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Sextant.Search.Facets;
using Sextant.Search.Filters;

namespace Sextant.Postgres.Queries;

/// <summary>Counts the values of a field, in the form and the order in which every other store does.</summary>
internal sealed class PostgresFacet
{
    // What FilterNumber makes of a number beyond every double.
    private const string Infinite = "('1e309'::jsonb, '-1e309'::jsonb)";

    private readonly StringBuilder _sql = new();
    private readonly List<object> _parameters = [];

    /// <param name="field">The field.</param>
    /// <param name="documents">The table.</param>
    /// <param name="filter">The condition, whose parameters are the first; <see langword="null"/> for none.</param>
    /// <param name="limit">The most values.</param>
    public PostgresFacet(FieldPath field, string documents, PostgresFilter? filter, int limit)
    {
        _parameters.AddRange(filter?.Parameters.Select(one => one.Clone()) ?? []);
        string at = "fields" + string.Concat(field.Names.Select(name => $" -> {Parameter(name, NpgsqlDbType.Text)}"));
        string most = Parameter((long)limit, NpgsqlDbType.Bigint);
        // Offset 0 keeps the extraction of the field in its own query, so that it is done once for each document.
        _sql.Append(
            CultureInfo.InvariantCulture,
            $"""
            with found as (
                select value, count(*) as documents
                from (select {at} as at from {documents}{(filter is null ? "" : $" where {filter.Condition}")} offset 0) d
                cross join lateral (select distinct value from jsonb_array_elements(
                    case jsonb_typeof(at) when 'array' then at else jsonb_build_array(at) end) as e(value)
                    where jsonb_typeof(value) in ('string', 'number', 'boolean') and value not in {Infinite}) e
                group by value)
            select value #>> '{EmptyPath}', jsonb_typeof(value), documents, count(*) over ()
            from found order by documents desc, case jsonb_typeof(value) when 'string' then 0 when 'number' then 1 else 2 end,
                case when jsonb_typeof(value) = 'number' then (value #>> '{EmptyPath}')::numeric end,
                (value #>> '{EmptyPath}') collate "C" limit {most}
            """
        );
    }

    private static string EmptyPath => "{}";

    public string Sql => _sql.ToString();

    /// <summary>The values that its parameters take.</summary>
    public object[] Parameters => [.. _parameters];

    /// <summary>Reads a row: the value, and how many values there are in all.</summary>
    public static (FacetValue Value, long Distinct) Read(NpgsqlDataReader row)
    {
        string text = row.GetString(0);
        FilterValue value = row.GetString(1) switch
        {
            "string" => FilterValue.Text(text),
            "boolean" => FilterValue.Boolean(text == "true"),
            _ => FilterNumber.Parse(text).ToValue() ?? FilterValue.Text(text),
        };
        return (new(value, row.GetInt64(2)), row.GetInt64(3));
    }

    private string Parameter(object value, NpgsqlDbType type)
    {
        _parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return string.Create(CultureInfo.InvariantCulture, $"${_parameters.Count}");
    }
}
