using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sextant.Tests.Shared;

namespace Sextant.Server.Tests.Collections;

/// <summary><c>serve --read-only</c>, and a service whose folder cannot be written.</summary>
public sealed class ReadOnlyServiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sextant-read-only-").FullName;

    private string Collections => Path.Combine(_folder, "collections");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Changes_are_rejected_and_nothing_is_written_to_the_folder()
    {
        await FillAsync();
        string[] before = Files();
        await using (
            ServiceProcess service = await ServiceProcess.StartAsync(
                _folder,
                new Dictionary<string, string> { ["SEXTANT_READ_ONLY"] = "true" }
            )
        )
        {
            await ReadsAsync(service);
            foreach (
                Task<HttpResponseMessage> change in (Task<HttpResponseMessage>[])
                    [
                        service.PostAsync("/v1/collections/docs/documents", """{"documents":[{"id":"new","text":"new"}]}"""),
                        service.Http.DeleteAsync("/v1/collections/docs/documents/a"),
                        service.Http.DeleteAsync("/v1/collections/docs"),
                        service.Http.PutAsync("/v1/collections/docs", null),
                        service.Http.PutAsync("/v1/collections/other", null),
                    ]
            )
            {
                (int status, JsonNode error) = await service.RefusedAsync(change);
                Assert.Equal(
                    (403, "read_only", "permission_error"),
                    (status, error["code"]!.GetValue<string>(), error["type"]!.GetValue<string>())
                );
            }

            Assert.Equal(0, await service.StopAsync());
        }

        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task Unwritable_folder_is_served_read_only_automatically()
    {
        await FillAsync();
        using (ReadOnlyFolder.Make(Collections))
        {
            await using ServiceProcess service = await ServiceProcess.StartAsync(_folder);
            await ReadsAsync(service);
            Assert.Equal(
                403,
                (
                    await service.RefusedAsync(
                        service.PostAsync("/v1/collections/docs/documents", """{"documents":[{"id":"new","text":"new"}]}""")
                    )
                ).Status
            );
            Assert.Equal(403, (await service.RefusedAsync(service.Http.PutAsync("/v1/collections/other", null))).Status);
            Assert.Equal(403, (await service.RefusedAsync(service.Http.DeleteAsync("/v1/collections/docs"))).Status);
            Assert.Equal(0, await service.StopAsync());
            Assert.DoesNotContain("   at ", service.Log, StringComparison.Ordinal);
        }
    }

    private static async Task ReadsAsync(ServiceProcess service)
    {
        Assert.Equal(200, (int)(await service.Http.GetAsync("/readyz")).StatusCode);
        Assert.Equal("docs", (await service.Http.GetFromJsonAsync<JsonNode>("/v1/collections"))!["data"]![0]!["name"]!.GetValue<string>());
        JsonNode found = (
            await (
                await service.PostAsync("/v1/collections/docs/search", """{"query":"how do refunds work","k":1}""")
            ).Content.ReadFromJsonAsync<JsonNode>()
        )!;
        Assert.Equal("a", found["results"]![0]!["id"]!.GetValue<string>());
        Assert.Contains("\"a\"", await service.Http.GetStringAsync("/v1/collections/docs/map"), StringComparison.Ordinal);
        Assert.Contains("refunds", await service.Http.GetStringAsync("/v1/collections/docs/export"), StringComparison.Ordinal);
        Assert.Empty(
            (await (await service.PostAsync("/v1/collections/docs/verify", "")).Content.ReadFromJsonAsync<JsonNode>())![
                "problems"
            ]!.AsArray()
        );
    }

    private async Task FillAsync()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync(_folder);
        await service.CreateAsync("docs");
        await service.AddAsync("docs", new { id = "a", text = "refunds work like this" }, new { id = "b", text = "boats float on water" });
        Assert.Equal(0, await service.StopAsync());
    }

    private string[] Files() =>
        [
            .. Directory
                .EnumerateFileSystemEntries(Collections, "*", SearchOption.AllDirectories)
                .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}")
                .Order(StringComparer.Ordinal),
        ];
}
