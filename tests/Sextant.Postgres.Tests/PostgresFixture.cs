using System.Diagnostics;
using Npgsql;
using Sextant.Search.Storage;

[assembly: AssemblyFixture(typeof(Sextant.Postgres.Tests.PostgresFixture))]
// The server of Node's has one session for all connections.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Sextant.Postgres.Tests;

/// <summary>
/// The server of all tests: the one that <c>SEXTANT_TEST_POSTGRES</c> names (a location without a collection), or one of Node's that is
/// started for them. Where neither is to be had, tests are skipped.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private Process? _process;
    private string? _location;
    private string _whyNot = "";

    /// <summary>Whether the server is a whole PostgreSQL, which takes COPY and several transactions at once.</summary>
    public bool IsWhole { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("SEXTANT_TEST_POSTGRES") is { Length: > 0 } given)
        {
            (_location, IsWhole) = (given, true);
            return;
        }

        (_process, int port, _whyNot) = await NodePostgres.StartAsync(0, null);
        if (_process is not null)
            _location = NodePostgres.Location(port);
    }

    /// <summary>The location of a collection; skips the test where there is no server.</summary>
    public string Location(string collection, string settings = "")
    {
        if (_location is null)
            Assert.Skip(_whyNot);
        return $"{_location}{(settings.Length == 0 ? "" : _location.Contains('?') ? "&" : "?")}{settings}#{collection}";
    }

    /// <summary>Skips the test where Citus spreads tables over machines, which does this its own way.</summary>
    public async Task SkipOnCitusAsync()
    {
        await using NpgsqlConnection connection = await ConnectAsync();
        using NpgsqlCommand find = new("select exists (select 1 from pg_extension where extname = 'citus')", connection);
        if ((bool)(await find.ExecuteScalarAsync())!)
            Assert.Skip("Citus does this its own way");
    }

    /// <summary>A connection of the test's own.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        NpgsqlConnection connection = new(PostgresLocation.Parse(Location("any")).Connection.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsWhole)
            await DropCollectionsAsync();
        if (_process is { } process)
        {
            // It ends when its input does.
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    // An external server is left unchanged.
    private async Task DropCollectionsAsync()
    {
        await using NpgsqlConnection connection = await ConnectAsync();
        List<string> names = [];
        using (NpgsqlCommand find = new("select name from sextant.collections where name like 'test\\_%'", connection))
        {
            await using NpgsqlDataReader row = await find.ExecuteReaderAsync();
            while (await row.ReadAsync())
                names.Add(row.GetString(0));
        }

        foreach (string name in names)
        {
            await using CollectionLocation place = new PostgresProvider().GetLocation(Location(name));
            await place.DeleteAsync(CancellationToken.None);
        }
    }
}
