using Npgsql;

namespace Sextant.Postgres.Connections;

/// <summary>
/// The connections of this process to one server, shared by all collections and handles that reach it in the same way; the last one that
/// is disposed closes them.
/// </summary>
internal sealed class PostgresPool
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Connection, bool ReadsFromReplicas), PostgresPool> Pools = [];

    private readonly (string Connection, bool ReadsFromReplicas) _key;
    private readonly NpgsqlDataSource _source;
    private int _users;

    private PostgresPool(PostgresLocation location)
    {
        _key = Key(location);
        NpgsqlDataSourceBuilder builder = new(location.Connection.ConnectionString);
        builder.UseVector();
        if (location.HasSeveralHosts)
        {
            NpgsqlMultiHostDataSource hosts = builder.BuildMultiHost();
            _source = hosts;
            Writing = hosts.WithTargetSession(TargetSessionAttributes.ReadWrite);
            Reading = location.ReadsFromReplicas ? hosts.WithTargetSession(TargetSessionAttributes.PreferStandby) : Writing;
        }
        else
        {
            _source = Reading = Writing = builder.Build();
        }
    }

    public NpgsqlDataSource Reading { get; }

    public NpgsqlDataSource Writing { get; }

    /// <summary>The connections to a server; release them once.</summary>
    public static PostgresPool Get(PostgresLocation location)
    {
        lock (Gate)
        {
            if (!Pools.TryGetValue(Key(location), out PostgresPool? pool))
                Pools.Add(Key(location), pool = new(location));
            pool._users++;
            return pool;
        }
    }

    public async ValueTask ReleaseAsync()
    {
        lock (Gate)
        {
            if (--_users > 0)
                return;
            Pools.Remove(_key);
        }

        await _source.DisposeAsync().ConfigureAwait(false);
    }

    private static (string Connection, bool ReadsFromReplicas) Key(PostgresLocation location) =>
        (location.Connection.ConnectionString, location.ReadsFromReplicas);
}
