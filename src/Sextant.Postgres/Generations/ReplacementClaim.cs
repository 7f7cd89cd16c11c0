using System.Globalization;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Tables;
using Sextant.Search.Storage;

namespace Sextant.Postgres.Generations;

/// <summary>
/// The right of one process to work on a replacement. It is renewed until it is disposed, so that others can see that the process lives.
/// </summary>
internal sealed class ReplacementClaim : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly PostgresServer _server;
    private readonly string _collection;
    private readonly VectorRole _role;
    private readonly string _worker;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;

    /// <summary>Renews a claim that <see cref="TakeAsync"/> has made.</summary>
    public ReplacementClaim(PostgresServer server, string collection, VectorRole role, string worker)
    {
        (_server, _collection, _role, _worker) = (server, collection, role, worker);
        _renewing = RenewAsync();
    }

    /// <summary>A name for this process and this replacement.</summary>
    public static string NewWorker() =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}");

    /// <summary>Claims the replacement in the current transaction; the claim of a process that has died is taken over.</summary>
    /// <exception cref="CollectionBusyException">Another process works on it.</exception>
    public static async Task TakeAsync(PostgresSession session, PostgresServer server, string collection, VectorRole role, string worker)
    {
        string? other = await PostgresVectors.WorkerAsync(session, collection, role).ConfigureAwait(false);
        if (
            await PostgresVectors
                .TakeAsync(session, collection, role, worker, other is not null && HasDied(other) ? [other] : [])
                .ConfigureAwait(false)
        )
        {
            return;
        }

        throw new CollectionBusyException(
            $"{server.Name} is being moved to another model by {other}; wait until it has finished, or stop it"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        _ended.Dispose();
        try
        {
            await _server
                .WriteAsync(session => PostgresVectors.ReleaseAsync(session, _collection, _role, _worker), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (SextantException)
        {
            // The server is unavailable; the process that resumes waits until this worker's heartbeat expires.
        }
    }

    // For a process on this machine this is known immediately.
    private static bool HasDied(string worker)
    {
        string[] parts = worker.Split('/');
        if (parts.Length != 3 || parts[0] != Environment.MachineName || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out int id))
            return false;
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private async Task RenewAsync()
    {
        using PeriodicTimer timer = new(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
            {
                try
                {
                    await _server
                        .WriteAsync(session => PostgresVectors.TakeAsync(session, _collection, _role, _worker, []), _ended.Token)
                        .ConfigureAwait(false);
                }
                catch (SextantException)
                {
                    // The work itself fails if the server is permanently unavailable.
                }
            }
        }
        catch (OperationCanceledException) { }
    }
}
