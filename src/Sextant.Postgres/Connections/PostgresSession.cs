using Npgsql;

namespace Sextant.Postgres.Connections;

/// <summary>One connection within one transaction. Values are passed only as parameters <c>$1</c>, <c>$2</c> ….</summary>
/// <remarks>Pass an array of texts as the only value as <c>[texts]</c>; C# would otherwise expand it to several values.</remarks>
internal sealed class PostgresSession(NpgsqlConnection connection, CancellationToken cancellationToken)
{
    public NpgsqlConnection Connection => connection;

    public CancellationToken CancellationToken => cancellationToken;

    public async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        using NpgsqlCommand command = Command(sql, values);
        // What changes tables and indexes takes as long as it takes; it is the caller's token that stops it.
        command.CommandTimeout = 0;
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<T?> ScalarAsync<T>(string sql, params object[] values)
    {
        using NpgsqlCommand command = Command(sql, values);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is T value ? value : default;
    }

    /// <summary>All rows of a query, each made something of by <paramref name="row"/>.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> row, params object[] values)
    {
        using NpgsqlCommand command = Command(sql, values);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            List<T> rows = [];
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                rows.Add(row(reader));
            return rows;
        }
    }

    /// <summary>
    /// The same with settings for this transaction only, because a connection pooler may give the connection to another client afterward.
    /// One round trip.
    /// </summary>
    public async Task<List<T>> QueryAsync<T>(
        IEnumerable<string> settings,
        string sql,
        Func<NpgsqlDataReader, T> row,
        params object[] values
    )
    {
        NpgsqlBatch batch = new(connection);
        await using (batch.ConfigureAwait(false))
        {
            foreach (string setting in settings)
                batch.BatchCommands.Add(new($"set local {setting}"));
            NpgsqlBatchCommand query = new(sql);
            foreach (object value in values)
                query.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
            batch.BatchCommands.Add(query);
            NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                List<T> rows = [];
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    rows.Add(row(reader));
                return rows;
            }
        }
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        NpgsqlCommand command = new(sql, connection);
        foreach (object value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        return command;
    }
}
