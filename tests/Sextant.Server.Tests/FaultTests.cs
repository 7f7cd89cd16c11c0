using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests;

/// <summary>What was acknowledged is there, however the service ends.</summary>
public sealed class FaultTests
{
    private const int Writers = 4;

    /// <summary>How often the service is killed; <c>SEXTANT_TEST_KILLS=100</c> for a long run.</summary>
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("SEXTANT_TEST_KILLS") ?? "6", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_acknowledged_document_survives_a_kill_under_load()
    {
        string folder = Directory.CreateTempSubdirectory("sextant-kill-").FullName;
        HashSet<string> acknowledged = [];
        try
        {
            for (int round = 0; round < Kills; round++)
            {
                await using ServiceProcess service = await ServiceProcess.StartAsync(folder);
                await service.CreateAsync("kept");
                if (round > 0) Assert.Empty(acknowledged.Except(await IdsAsync(service)));
                int enough = acknowledged.Count + 100 + (37 * round % 200);
                Task[] writers = [.. Enumerable.Range(0, Writers).Select(w => WriteAsync(service, $"{round}-{w}", acknowledged))];
                while (true)
                {
                    lock (acknowledged)
                        if (acknowledged.Count >= enough) break;
                    await Task.Yield();
                }

                service.Kill();
                await Task.WhenAll(writers);
            }

            await using ServiceProcess last = await ServiceProcess.StartAsync(folder);
            Assert.Empty(acknowledged.Except(await IdsAsync(last)));
            HttpResponseMessage check = await last.Http.PostAsync("/v1/collections/kept/verify", null);
            Assert.Empty((await check.Content.ReadFromJsonAsync<JsonNode>())!["problems"]!.AsArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_service_that_is_told_to_stop_finishes_what_it_is_doing_and_writes_its_snapshots()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync();
        await service.CreateAsync("stop");
        for (int batch = 0; batch < 4; batch++)
            await service.AddAsync("stop", [.. Enumerable.Range(0, 200).Select(i => (object)new { id = $"{batch}-{i}", text = $"text {batch} {i}" })]);
        Task<JsonNode> last = service.AddAsync("stop", new { id = "last", text = "the last one" });
        await last;
        int code = await service.StopAsync();

        Assert.Equal(0, code);
        Assert.True(File.Exists(Path.Combine(service.Folder, "collections", "stop", "index.hnsw")));
    }

    private static async Task WriteAsync(ServiceProcess service, string writer, HashSet<string> acknowledged)
    {
        for (int i = 0; ; i++)
        {
            object[] documents = [.. Enumerable.Range(0, 5).Select(n => (object)new { id = $"{writer}-{i}-{n}", text = $"document {writer} {i} {n}" })];
            try
            {
                JsonNode answer = await service.AddAsync("kept", documents);
                lock (acknowledged)
                    foreach (JsonNode? id in answer["ids"]!.AsArray()) acknowledged.Add((string)id!);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or System.Text.Json.JsonException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task<HashSet<string>> IdsAsync(ServiceProcess service)
    {
        string export = await service.Http.GetStringAsync("/v1/collections/kept/export");
        return [.. export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["id"]!)];
    }
}
