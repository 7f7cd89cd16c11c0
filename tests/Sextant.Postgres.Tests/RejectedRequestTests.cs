using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Sextant.Models;
using Sextant.Search;
using Sextant.Search.Storage;
using Sextant.Server;

namespace Sextant.Postgres.Tests;

/// <summary>How the service answers when the database rejects a request: 503 only where the same request may succeed later.</summary>
public sealed class RejectedRequestTests(PostgresFixture server)
{
    [Theory]
    [InlineData(nameof(FailureCause.Temporary), HttpStatusCode.ServiceUnavailable, "unavailable")]
    [InlineData(nameof(FailureCause.Permanent), HttpStatusCode.InternalServerError, "storage_refused")]
    [InlineData(nameof(FailureCause.StorageFull), HttpStatusCode.InsufficientStorage, "storage_full")]
    [InlineData(nameof(FailureCause.ReadOnly), HttpStatusCode.Forbidden, "read_only")]
    public async Task Rejected_request_has_the_status_of_its_cause(string cause, HttpStatusCode status, string code)
    {
        (HttpStatusCode found, JsonNode error) = await CreateAsync("refusing://here", new Refusing(Enum.Parse<FailureCause>(cause)));

        Assert.Equal((status, code), (found, (string)error["code"]!));
    }

    [Fact]
    public async Task Wrong_password_missing_database_and_missing_rights_are_not_transient()
    {
        server.Location("any");
        Assert.SkipUnless(server.IsWhole, "a whole PostgreSQL is needed, named by SEXTANT_TEST_POSTGRES");
        await using Npgsql.NpgsqlConnection connection = await server.ConnectAsync();
        string role = $"test_{Guid.NewGuid():N}";
        using (Npgsql.NpgsqlCommand make = new($"create role {role} login password 'pa55'", connection))
            await make.ExecuteNonQueryAsync();
        try
        {
            Npgsql.NpgsqlConnectionStringBuilder at = PostgresLocation.Parse(server.Location("any")).Connection;
            string host = at.Host!,
                settings = "?sslmode=disable";
            foreach (
                (string place, string reason) in new[]
                {
                    ($"postgres://{role}:wrong@{host}/{at.Database}{settings}", "password"),
                    ($"postgres://{at.Username}:{at.Password}@{host}/nowhere{settings}", "database"),
                    ($"postgres://{role}:pa55@{host}/{at.Database}{settings}", "permission"),
                }
            )
            {
                (HttpStatusCode status, JsonNode error) = await CreateAsync(place, new PostgresProvider());

                Assert.Equal((HttpStatusCode.InternalServerError, "storage_refused"), (status, (string)error["code"]!));
                Assert.Contains(reason, (string)error["message"]!);
                Assert.DoesNotContain("\n", (string)error["message"]!);
            }
        }
        finally
        {
            using Npgsql.NpgsqlCommand drop = new($"drop role {role}", connection);
            await drop.ExecuteNonQueryAsync();
        }
    }

    private static async Task<(HttpStatusCode Status, JsonNode Error)> CreateAsync(string place, CollectionProvider provider)
    {
        using CancellationTokenSource stop = new();
        TaskCompletionSource<string> started = new();
        Dictionary<string, string?> settings = new() { ["Sextant:Collections"] = place, ["Sextant:Urls"] = "http://127.0.0.1:0" };
        Task service = SextantServer.RunAsync(
            settings,
            ModelRegistry.Default,
            [provider],
            addresses => started.SetResult(addresses.First()),
            stop.Token
        );
        if (await Task.WhenAny(service, started.Task) == service)
            await service;
        using HttpClient client = new() { BaseAddress = new(await started.Task) };
        using HttpResponseMessage answer = await client.PutAsJsonAsync("/v1/collections/test_refused", new { });
        JsonNode error = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
        await stop.CancelAsync();
        await service;
        return (answer.StatusCode, error);
    }

    /// <summary>A location that rejects everything for one cause.</summary>
    private sealed class Refusing(FailureCause cause) : CollectionProvider
    {
        public override bool Handles(string location) => location.StartsWith("refusing://", StringComparison.Ordinal);

        public override CollectionLocation GetLocation(string location) => new Place(location, cause);

        public override Task<IReadOnlyList<string>> ListAsync(string location, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string>>([]);
    }

    private sealed class Place(string location, FailureCause cause) : CollectionLocation
    {
        public override string Name => location;

        public override Task<Manifest?> ReadManifestAsync(CancellationToken cancellationToken) => throw Refusal();

        public override Task CreateAsync(Manifest manifest, CancellationToken cancellationToken) => throw Refusal();

        public override Task<CollectionStore> OpenAsync(Manifest manifest, ILogger logger, CancellationToken cancellationToken) =>
            throw Refusal();

        public override Task DeleteAsync(CancellationToken cancellationToken) => throw Refusal();

        private SextantException Refusal() => new($"{location}: it will not do it") { Cause = cause };
    }
}
