using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Sextant.Postgres.Connections;

/// <summary>
/// Pooled connections to one server, or to a primary and its replicas. Each operation is one transaction, retried if that can help: after a
/// conflict with another transaction, and during a server restart or failover.
/// </summary>
/// <remarks>
/// Work that was committed just as the connection broke is executed again. So all work must be idempotent, and statistics may count its
/// writes as unchanged.
/// </remarks>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>How long to wait for a server that was available a moment ago.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50),
        LongestPause = TimeSpan.FromSeconds(2);

    private readonly PostgresLocation _location;
    private readonly PostgresPool _pool;
    private volatile bool _wasThere;
    private int _disposed;

    public PostgresServer(PostgresLocation location) => (_location, _pool) = (location, PostgresPool.Get(location));

    public string Name => _location.Name;

    public ILogger? Logger { get; set; }

    /// <summary>Runs <paramref name="read"/> on one state of the database.</summary>
    public Task<T> ReadAsync<T>(Func<PostgresSession, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(_pool.Reading, IsolationLevel.RepeatableRead, read, cancellationToken);

    /// <summary>Runs <paramref name="write"/>, all of it or nothing.</summary>
    public Task<T> WriteAsync<T>(Func<PostgresSession, Task<T>> write, CancellationToken cancellationToken) =>
        RunAsync(_pool.Writing, IsolationLevel.ReadCommitted, write, cancellationToken);

    /// <summary>Runs a statement that cannot be part of a transaction.</summary>
    public async Task ExecuteAloneAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            NpgsqlConnection connection = await _pool.Writing.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (NpgsqlException e)
        {
            throw PostgresError.Translate(e, _location);
        }
    }

    /// <summary>Whether many rows are sent by COPY.</summary>
    public bool UsesCopy => _location.UsesCopy;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            await _pool.ReleaseAsync().ConfigureAwait(false);
    }

    private async Task<T> RunAsync<T>(
        NpgsqlDataSource source,
        IsolationLevel isolation,
        Func<PostgresSession, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        Backoff backoff = new(FirstPause, LongestPause);
        for (int failures = 1; ; failures++)
        {
            try
            {
                T result = await TryAsync(source, isolation, work, cancellationToken).ConfigureAwait(false);
                _wasThere = true;
                return result;
            }
            catch (NpgsqlException e)
                when (PostgresError.MayPass(e, _location)
                    && _wasThere
                    && backoff.Elapsed < Patience
                    && !cancellationToken.IsCancellationRequested
                )
            {
                Logger?.LogInformation("{Collection}: retrying after: {Reason}", Name, PostgresError.Reason(e));
            }
            catch (NpgsqlException e)
            {
                throw PostgresError.Translate(e, _location);
            }

            await backoff.WaitAsync(backoff.After(failures), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<T> TryAsync<T>(
        NpgsqlDataSource source,
        IsolationLevel isolation,
        Func<PostgresSession, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(isolation, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                T result = await work(new PostgresSession(connection, cancellationToken)).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return result;
            }
        }
    }
}
