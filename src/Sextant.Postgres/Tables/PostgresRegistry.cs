using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sextant.Numerics;
using Sextant.Postgres.Connections;
using Sextant.Search.Storage;

namespace Sextant.Postgres.Tables;

/// <summary>The table of all collections: the manifest of each, and which generation of its tables is in use.</summary>
internal static partial class PostgresRegistry
{
    /// <summary>
    /// 2: the tables are of another generation than the first, which is named in the manifest. 3: the metric is not the cosine, or the
    /// table also holds vectors as they were given.
    /// </summary>
    public const int FormatVersion = 3;

    private const string Generation = "generation";

    /// <summary>The collection that is registered under this name, or <see langword="null"/>.</summary>
    public static async Task<(Manifest Manifest, PostgresTable Table)?> FindAsync(PostgresSession session, string collection, string shown)
    {
        if (!await session.ScalarAsync<bool>("select to_regclass('sextant.collections') is not null").ConfigureAwait(false))
            return null;
        List<(int Format, string Manifest, string Index, string? Partition)> found = await session
            .QueryAsync(
                "select format, manifest::text, vector_index, partition_by from sextant.collections where name = $1",
                row => (row.GetInt32(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3)),
                collection
            )
            .ConfigureAwait(false);
        if (found.Count == 0)
            return null;
        (int format, string json, string index, string? partition) = found[0];
        if (format is < 1 or > FormatVersion)
        {
            throw new SextantException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{shown} has format {format}, made by a newer Sextant (this one reads up to {FormatVersion}): update Sextant to "
                        + $"open it"
                )
            );
        }

        try
        {
            return Read(collection, json, index, partition);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or ArgumentException)
        {
            throw new SextantException($"{shown} is damaged: its row in sextant.collections cannot be read ({e.Message})", e);
        }
    }

    /// <summary>The names of all collections.</summary>
    public static async Task<List<string>> ListAsync(PostgresSession session) =>
        await session.ScalarAsync<bool>("select to_regclass('sextant.collections') is not null").ConfigureAwait(false)
            ? await session.QueryAsync("select name from sextant.collections order by name", row => row.GetString(0)).ConfigureAwait(false)
            : [];

    /// <summary>Notes which table holds the collection, and what it is made of.</summary>
    public static Task<int> NoteAsync(PostgresSession session, PostgresTable table, Manifest manifest) =>
        session.ExecuteAsync(
            """
            insert into sextant.collections (name, format, manifest, vector_index, partition_by) values ($1, $2, $3::jsonb, $4, $5)
            on conflict (name) do update set format = greatest(collections.format, excluded.format),
                manifest = collections.manifest - 'cut_to' || excluded.manifest,
                vector_index = excluded.vector_index
            """,
            table.Collection,
            table.Metric != SimilarityMetric.Cosine ? FormatVersion
                : table.Generation.Length == 0 ? 1
                : 2,
            Write(table, manifest),
            table.Index.ToString(),
            (object?)table.PartitionBy ?? DBNull.Value
        );

    /// <summary>A manifest and the generation of its table, as JSON.</summary>
    public static string Write(PostgresTable table, Manifest manifest)
    {
        Dictionary<string, string> values = manifest.ToValues().Where(v => v.Value is not null).ToDictionary(v => v.Name, v => v.Value!);
        values[Generation] = table.Generation;
        return JsonSerializer.Serialize(values, Generated.Default.DictionaryStringString);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static (Manifest Manifest, PostgresTable Table) Read(string collection, string json, string index, string? partition)
    {
        Dictionary<string, string> values = JsonSerializer.Deserialize(json, Generated.Default.DictionaryStringString)!;
        Manifest manifest = Manifest.FromValues(values);
        return (
            manifest,
            new(
                collection,
                manifest.Dimensions,
                Enum.Parse<VectorIndexKind>(index),
                partition,
                values.GetValueOrDefault(Generation, ""),
                manifest.Metric
            )
        );
    }

    /// <summary>The lowest number of which no table of the collection has been made yet, which is taken now.</summary>
    public static async Task<string> NextGenerationAsync(PostgresSession session, string collection) =>
        PostgresTable.GenerationOf(
            await session
                .ScalarAsync<int>(
                    """
                    update sextant.collections set manifest = jsonb_set(manifest, '{generations}',
                        to_jsonb((coalesce((manifest->>'generations')::int, 0) + 1)::text))
                    where name = $1 returning (manifest->>'generations')::int
                    """,
                    collection
                )
                .ConfigureAwait(false)
        );

    [JsonSerializable(typeof(Dictionary<string, string>))]
    private sealed partial class Generated : JsonSerializerContext;
}
