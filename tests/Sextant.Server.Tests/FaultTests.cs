using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Sextant.Server.Tests.Http;

namespace Sextant.Server.Tests;

/// <summary>Acknowledged writes exist however the service ends.</summary>
public sealed class FaultTests
{
    private const int Writers = 4;

    /// <summary>How often the service is killed; <c>SEXTANT_TEST_KILLS=100</c> for a long run.</summary>
    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("SEXTANT_TEST_KILLS") ?? "6",
        CultureInfo.InvariantCulture
    );

    [Fact]
    public async Task Every_acknowledged_document_survives_a_kill_under_load()
    {
        string folder = Directory.CreateTempSubdirectory("sextant-kill-").FullName;
        Acknowledged acknowledged = new();
        try
        {
            for (int round = 0; round < Kills; round++)
            {
                await using ServiceProcess service = await ServiceProcess.StartAsync(folder);
                await service.CreateAsync("kept");
                if (round > 0)
                    Assert.Empty(acknowledged.Ids.Except(await IdsAsync(service)));
                Task enough = acknowledged.MoreAsync(100 + (37 * round % 200));
                Task[] writers = [.. Enumerable.Range(0, Writers).Select(w => WriteAsync(service, $"{round}-{w}", acknowledged))];
                await enough;
                service.Kill();
                await Task.WhenAll(writers);
            }

            await using ServiceProcess last = await ServiceProcess.StartAsync(folder);
            Assert.Empty(acknowledged.Ids.Except(await IdsAsync(last)));
            await IsSoundAsync(last);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Stopping_service_finishes_its_work_and_writes_snapshots()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync();
        await service.CreateAsync("stop");
        for (int batch = 0; batch < 4; batch++)
        {
            await service.AddAsync(
                "stop",
                [.. Enumerable.Range(0, 200).Select(i => (object)new { id = $"{batch}-{i}", text = $"text {batch} {i}" })]
            );
        }

        Task<JsonNode> last = service.AddAsync("stop", new { id = "last", text = "the last one" });
        await last;
        int code = await service.StopAsync();

        Assert.Equal(0, code);
        Assert.True(File.Exists(Path.Combine(service.Folder, "collections", "stop", "index.hnsw")));
    }

    [Fact]
    public async Task Request_in_progress_at_shutdown_is_answered_and_stored()
    {
        string folder = Directory.CreateTempSubdirectory("sextant-stop-").FullName;
        try
        {
            await using (ServiceProcess service = await ServiceProcess.StartAsync(folder))
            {
                await service.CreateAsync("kept");
                IEnumerable<string> documents = Enumerable
                    .Range(0, 400)
                    .Select(i => $"{{\"id\":\"{i}\",\"text\":\"{new string('a', 500)} {i}\"}}");
                byte[] body = Encoding.UTF8.GetBytes($"[{string.Join(',', documents)}]");
                await using RawRequest request = await RawRequest.SendAsync(
                    service.Url,
                    $"POST /v1/collections/kept/documents HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                        + $"application/json\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\n\r\n"
                );
                // The service asks for the body, so it is at work on this request.
                Assert.StartsWith("HTTP/1.1 100", await request.ReadAsync(), StringComparison.Ordinal);
                await request.WriteAsync(body.AsMemory(..(body.Length - 10)));
                service.Tell();
                while (await IsReadyAsync(service))
                    await Task.Yield();
                await request.WriteAsync(body.AsMemory((body.Length - 10)..));

                Assert.StartsWith("HTTP/1.1 200", await request.ReadAsync(), StringComparison.Ordinal);
                Assert.Equal(0, await service.StopAsync());
            }

            await using ServiceProcess again = await ServiceProcess.StartAsync(folder);
            Assert.Equal(400, (await IdsAsync(again)).Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Full_disk_rejects_a_write_completely_and_other_requests_continue()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the size of files is limited with bash");
        string folder = Directory.CreateTempSubdirectory("sextant-full-").FullName;
        HashSet<string> kept = [];
        try
        {
            await using (ServiceProcess service = await ServiceProcess.StartAsync(folder, largestFileKilobytes: 6000))
            {
                await service.CreateAsync("kept");
                HttpResponseMessage answer;
                for (int batch = 0; ; batch++)
                {
                    object[] documents =
                    [
                        .. Enumerable
                            .Range(0, 20)
                            .Select(i => new { id = $"{batch}-{i}", text = $"{batch} {i} {new string('x', 20_000)}" }),
                    ];
                    answer = await service.Http.PostAsJsonAsync("/v1/collections/kept/documents", documents);
                    if (!answer.IsSuccessStatusCode)
                        break;
                    kept.UnionWith(Enumerable.Range(0, 20).Select(i => $"{batch}-{i}"));
                    Assert.True(batch < 100, "the limit is not felt");
                }

                JsonNode error = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
                Assert.True((int)answer.StatusCode is 503 or 507, answer.ToString());
                Assert.DoesNotContain(folder, (string)error["message"]!, StringComparison.Ordinal);
                Assert.True((await service.PostAsync("/v1/collections/kept/search", "{\"query\":\"x\"}")).IsSuccessStatusCode);
                Assert.Equal(kept, await IdsAsync(service));
            }

            await using ServiceProcess roomy = await ServiceProcess.StartAsync(folder);
            Assert.Equal(kept, await IdsAsync(roomy));
            await roomy.AddAsync("kept", new { id = "after", text = "there is room again" });
            await IsSoundAsync(roomy);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task WriteAsync(ServiceProcess service, string writer, Acknowledged acknowledged)
    {
        for (int i = 0; ; i++)
        {
            object[] documents =
            [
                .. Enumerable.Range(0, 5).Select(n => (object)new { id = $"{writer}-{i}-{n}", text = $"document {writer} {i} {n}" }),
            ];
            try
            {
                JsonNode answer = await service.AddAsync("kept", documents);
                acknowledged.Add(answer["ids"]!.AsArray().Select(id => (string)id!));
            }
            catch (Exception e)
                when (e is HttpRequestException or IOException or System.Text.Json.JsonException or OperationCanceledException)
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

    private static async Task IsSoundAsync(ServiceProcess service)
    {
        HttpResponseMessage check = await service.Http.PostAsync("/v1/collections/kept/verify", null);
        Assert.Empty((await check.Content.ReadFromJsonAsync<JsonNode>())!["problems"]!.AsArray());
    }

    private static async Task<bool> IsReadyAsync(ServiceProcess service)
    {
        try
        {
            return (await service.Http.GetAsync("/readyz")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The writes that the service has acknowledged.</summary>
    private sealed class Acknowledged
    {
        private readonly Lock _lock = new();
        private readonly HashSet<string> _ids = [];
        private TaskCompletionSource _enough = new();
        private int _wanted;

        public HashSet<string> Ids
        {
            get
            {
                lock (_lock)
                    return [.. _ids];
            }
        }

        /// <summary>Ends when so many more have been added.</summary>
        public Task MoreAsync(int count)
        {
            lock (_lock)
            {
                (_wanted, _enough) = (_ids.Count + count, new(TaskCreationOptions.RunContinuationsAsynchronously));
                return _enough.Task;
            }
        }

        public void Add(IEnumerable<string> ids)
        {
            lock (_lock)
            {
                _ids.UnionWith(ids);
                if (_ids.Count >= _wanted)
                    _enough.TrySetResult();
            }
        }
    }
}
