using System.Text;
using Npgsql;
using Sextant.Postgres.Tables;

namespace Sextant.Postgres;

/// <summary>
/// Where a collection is and how it is reached, read from
/// <c>postgres://user:password@host:port,host2/database?setting=value#collection</c>.
/// </summary>
internal sealed record PostgresLocation
{
    private const int MaxNameBytes = 48;
    private const string Form = "write postgres://user@host:port/database#collection";

    /// <summary>The location without the password and the settings, for messages.</summary>
    public required string Name { get; init; }

    public required string Collection { get; init; }

    public required NpgsqlConnectionStringBuilder Connection { get; init; }

    /// <summary>The index of a new collection; <see langword="null"/>: by the length of its vectors.</summary>
    public VectorIndexKind? Index { get; init; }

    /// <summary>The metadata field by which a new collection is partitioned, if any.</summary>
    public string? PartitionBy { get; init; }

    /// <summary>Whether searches prefer the hosts that only follow.</summary>
    public bool ReadsFromReplicas { get; init; }

    /// <summary>Whether many rows are sent by COPY, which not every server that speaks PostgreSQL's protocol takes.</summary>
    public bool UsesCopy { get; init; } = true;

    /// <summary>Whether the primary is one of several hosts, and may change.</summary>
    public bool HasSeveralHosts => Connection.Host!.Contains(',', StringComparison.Ordinal);

    /// <exception cref="InputException">It is malformed. The message repeats no part that may hold the password.</exception>
    public static PostgresLocation Parse(string location)
    {
        string rest = location[(location.IndexOf("://", StringComparison.Ordinal) + 3)..];
        int hash = rest.LastIndexOf('#');
        string collection = hash < 0 ? "" : Uri.UnescapeDataString(rest[(hash + 1)..]);
        string reached = hash < 0 ? rest : rest[..hash];
        int question = reached.IndexOf('?', StringComparison.Ordinal);
        string settings = question < 0 ? "" : reached[(question + 1)..];
        string address = question < 0 ? reached : reached[..question];
        int at = address.LastIndexOf('@');
        string user = at < 0 ? "" : address[..at];
        string[] hostsAndDatabase = address[(at + 1)..].Split('/', 2);
        string database = hostsAndDatabase.Length == 2 ? Uri.UnescapeDataString(hostsAndDatabase[1]) : "";
        if (database.Length == 0)
            throw new InputException($"a PostgreSQL location needs a database: {Form}");
        if (!IsName(collection) || Encoding.UTF8.GetByteCount(collection) > MaxNameBytes)
        {
            throw new InputException(
                collection.Length == 0
                    ? $"a PostgreSQL location needs a collection: {Form}"
                    : $"the name of a collection in PostgreSQL has 1 to {MaxNameBytes} letters, digits, '_', '-' or '.': {Form}"
            );
        }

        string[] credentials = user.Split(':', 2);
        NpgsqlConnectionStringBuilder connection = new()
        {
            Host = hostsAndDatabase[0].Length == 0 ? "localhost" : hostsAndDatabase[0],
            Database = database,
            // No state outlives a transaction here, so there is nothing to reset, and a pooler between may hand connections around.
            NoResetOnClose = true,
            ApplicationName = "sextant",
        };
        if (credentials[0].Length > 0)
            connection.Username = Uri.UnescapeDataString(credentials[0]);
        if (credentials.Length == 2)
            connection.Password = Uri.UnescapeDataString(credentials[1]);
        string shownUser = credentials[0].Length > 0 ? $"{credentials[0]}@" : "";
        return new PostgresLocation
        {
            Name = $"postgres://{shownUser}{hostsAndDatabase[0]}/{database}#{collection}",
            Collection = collection,
            Connection = connection,
        }.With(settings);
    }

    private PostgresLocation With(string settings)
    {
        PostgresLocation result = this;
        foreach (string setting in settings.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = setting.Split('=', 2);
            (string key, string value) = (Uri.UnescapeDataString(pair[0]), pair.Length == 2 ? Uri.UnescapeDataString(pair[1]) : "");
            result = key switch
            {
                "index" => result with { Index = IndexOf(value) },
                "partition" => result with { PartitionBy = value.Length > 0 ? value : throw Wrong(key, "names the metadata field") },
                "reads" => result with
                {
                    ReadsFromReplicas = value == "replicas" || (value == "primary" ? false : throw Wrong(key, "is replicas or primary")),
                },
                "copy" => result with { UsesCopy = value == "on" || (value == "off" ? false : throw Wrong(key, "is on or off")) },
                _ => result.WithConnection(key, value),
            };
        }

        return result;
    }

    // PostgreSQL's own names for what Npgsql calls differently; every other name is Npgsql's.
    private PostgresLocation WithConnection(string key, string value)
    {
        (key, value) = key switch
        {
            "sslmode" => ("SSL Mode", value.Replace("-", "", StringComparison.Ordinal)),
            "sslrootcert" => ("Root Certificate", value),
            "sslcert" => ("SSL Certificate", value),
            "sslkey" => ("SSL Key", value),
            "connect_timeout" => ("Timeout", value),
            "application_name" => ("Application Name", value),
            _ => (key, value),
        };
        // Without the cause: its message may hold the value, and the value may be a secret.
        return Set(Connection, key, value)
            ? this
            : throw new InputException(
                $"{Name}: '{key}' is not a setting of a PostgreSQL location, or has an invalid value; see docs/postgres.md"
            );
    }

    private static bool Set(NpgsqlConnectionStringBuilder connection, string key, string value)
    {
        try
        {
            connection[key] = value;
            return true;
        }
        catch (Exception e)
            when (e is ArgumentException or FormatException or OverflowException or InvalidCastException or NotSupportedException)
        {
            return false;
        }
    }

    private VectorIndexKind IndexOf(string value) =>
        value switch
        {
            "hnsw" => VectorIndexKind.Full,
            "halfvec" => VectorIndexKind.Half,
            "binary" => VectorIndexKind.Binary,
            "none" => VectorIndexKind.None,
            _ => throw Wrong("index", "is hnsw, halfvec, binary or none"),
        };

    private InputException Wrong(string setting, string rule) => new($"{Name}: the setting '{setting}' {rule}");

    // Names become parts of the names of tables, within quotes.
    private static bool IsName(string collection) =>
        collection.Length > 0 && collection.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.');
}
