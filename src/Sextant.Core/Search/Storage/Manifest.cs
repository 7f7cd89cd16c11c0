using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Index;
using Sextant.Numerics;
using Sextant.Search.Storage.Sqlite;

namespace Sextant.Search.Storage;

/// <summary>What a collection is made of: fixed when it is created, but for how widely its graph is searched.</summary>
public sealed record Manifest
{
    private const int MaxDimensions = 65_536;
    private const int MaxLinks = 4_096;

    /// <summary>The model that computed its vectors.</summary>
    public required ModelProfile Model { get; init; }

    /// <summary>
    /// The fingerprint of <see cref="Model"/> when the collection was created. Vectors of another fingerprint do not compare.
    /// </summary>
    public required string Fingerprint { get; init; }

    /// <summary>The dimensions that its vectors were truncated to (Matryoshka); <see langword="null"/> for the model's own.</summary>
    public int? TruncatedDimensions { get; init; }

    /// <summary>How its index is built and searched.</summary>
    public required HnswOptions Index { get; init; }

    /// <summary>How its vectors are compared: by cosine, inner product or Euclidean distance.</summary>
    public SimilarityMetric Metric => Index.Metric;

    /// <summary>When the collection was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The length of its vectors.</summary>
    public int Dimensions => Model.Dimensions;

    internal void Write(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "insert into manifest (name, value) values ($name, $value)";
        SqliteParameter name = command.Parameters.Add("$name", SqliteType.Text),
            value = command.Parameters.Add("$value", SqliteType.Text);
        foreach ((string key, string? text) in ToValues())
        {
            if (text is null)
                continue;
            (name.Value, value.Value) = (key, text);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Replaces the stored options of how the graph is built and searched.</summary>
    internal void WriteIndex(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "update manifest set value = $value where name = 'index'";
        command.Parameters.AddWithValue("$value", ManifestJson.Write(Index));
        command.ExecuteNonQuery();
    }

    /// <exception cref="InvalidDataException">A value is missing or is not what it should be.</exception>
    internal static Manifest Read(SqliteConnection connection)
    {
        Dictionary<string, string> values = [];
        using (SqliteCommand command = connection.CreateCommand())
        {
            command.CommandText = "select name, value from manifest";
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
                values[Value(reader, 0)] = Value(reader, 1);
        }

        return FromValues(values);
    }

    // Damage can leave NULL where the schema allows none.
    private static string Value(SqliteDataReader row, int column) => row.IsDBNull(column) ? "" : row.GetString(column);

    /// <summary>Reads a manifest from what <see cref="ToValues"/> returned.</summary>
    /// <exception cref="InvalidDataException">A value is missing or is not what it should be.</exception>
    public static Manifest FromValues(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        try
        {
            Manifest manifest = new()
            {
                Model = ManifestJson.ReadModel(values["model"]),
                Fingerprint = values["fingerprint"],
                TruncatedDimensions = values.TryGetValue("cut_to", out string? cut) ? int.Parse(cut, CultureInfo.InvariantCulture) : null,
                Index = ManifestJson.ReadIndex(values["index"]),
                Created = DateTimeOffset.Parse(values["created"], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            };
            // Memory is taken by these numbers, so a damaged or forged one must not pass.
            if (
                manifest.Dimensions is < 1 or > MaxDimensions
                || manifest.Index is { M: < 2 or > MaxLinks } or { EfConstruction: < 1 } or { EfSearch: < 1 }
                || !Enum.IsDefined(manifest.Index.Storage)
                || !Enum.IsDefined(manifest.Index.Metric)
            )
            {
                throw new FormatException("a number in it is out of range");
            }
            return manifest;
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or FormatException)
        {
            throw new InvalidDataException($"its manifest cannot be read ({e.Message})", e);
        }
    }

    /// <summary>The manifest as named texts, for a store to keep; those without a value need not be stored.</summary>
    public IEnumerable<(string Name, string? Value)> ToValues() =>
        [
            ("format", CollectionFormat.Of(this).ToString(CultureInfo.InvariantCulture)),
            ("model", ManifestJson.Write(Model)),
            ("fingerprint", Fingerprint),
            ("dimensions", Dimensions.ToString(CultureInfo.InvariantCulture)),
            ("cut_to", TruncatedDimensions?.ToString(CultureInfo.InvariantCulture)),
            ("metric", Metric.ToString().ToLowerInvariant()),
            ("index", ManifestJson.Write(Index)),
            ("created", Created.ToString("O", CultureInfo.InvariantCulture)),
        ];
}
