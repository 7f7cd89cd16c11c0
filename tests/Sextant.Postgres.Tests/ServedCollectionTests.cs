using System.Diagnostics;
using System.Net;
using Sextant.Client;
using Sextant.Models;
using Sextant.Server;
using ClientResult = Sextant.Client.SearchResult;

namespace Sextant.Postgres.Tests;

/// <summary>The service over collections of a database, as <c>sextant serve --collections postgres://…</c> has it.</summary>
public sealed class ServedCollectionTests(PostgresFixture server)
{
    private const string Name = "test_served";

    [Fact]
    public async Task Database_collection_is_created_filled_searched_listed_and_deleted()
    {
        if (server.IsWhole)
        {
            await ServeAsync(server.Location("").TrimEnd('#'));
            return;
        }

        // Listing connects to every collection, and Node's server drops connections if there are many, so this test has its own server.
        (Process? own, int port, string whyNot) = await NodePostgres.StartAsync(0, null);
        Assert.SkipWhen(own is null, whyNot);
        using (own)
        {
            try
            {
                await ServeAsync(NodePostgres.Location(port));
            }
            finally
            {
                own!.StandardInput.Close();
                await own.WaitForExitAsync();
            }
        }
    }

    private static async Task ServeAsync(string place)
    {
        using CancellationTokenSource stop = new();
        TaskCompletionSource<string> started = new();
        Dictionary<string, string?> settings = new() { ["Sextant:Collections"] = place, ["Sextant:Urls"] = "http://127.0.0.1:0" };
        Task service = SextantServer.RunAsync(
            settings,
            ModelRegistry.Default,
            [new PostgresProvider()],
            addresses => started.SetResult(addresses.First()),
            stop.Token
        );
        if (await Task.WhenAny(service, started.Task) == service)
            await service;
        using (SextantClient client = new(new Uri(await started.Task)))
        {
            await client.CreateCollectionAsync(Name, dimensions: 64);
            CollectionClient documents = client.GetCollection(Name);
            await documents.AddAsync([new("The money is refunded.") { Id = "refund" }, new("We open at nine.") { Id = "hours" }]);
            IReadOnlyList<ClientResult> found = await documents.SearchAsync("money back", topK: 1);
            List<StoredDocument> all = await documents.ExportAsync().ToListAsync();
            IReadOnlyList<CollectionDescription> listed = await client.ListCollectionsAsync();
            SextantClientException refused = await Assert.ThrowsAsync<SextantClientException>(() =>
                documents.SearchAsync("a", options: new() { Filter = "broken = " })
            );
            await client.DeleteCollectionAsync(Name);
            SextantClientException gone = await Assert.ThrowsAsync<SextantClientException>(() => documents.DescribeAsync());

            Assert.Equal("refund", found.Single().Id);
            Assert.Equal(["hours", "refund"], all.Select(one => one.Id).Order(StringComparer.Ordinal));
            Assert.Equal((64, 2), listed.Where(one => one.Name == Name).Select(one => (one.Dimensions, (int)one.Documents)).Single());
            Assert.DoesNotContain("postgres:", refused.Message, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, gone.Status);
        }

        await stop.CancelAsync();
        await service;
    }
}
