using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests.Collections;

/// <summary>Other programs restore, replace and remove the collections of a running service.</summary>
public sealed class ReplacedFilesTests : IAsyncLifetime
{
    private ServiceProcess _service = null!;

    private string Collection => Path.Combine(_service.Folder, "collections", "docs");

    public async ValueTask InitializeAsync() => _service = await ServiceProcess.StartAsync();

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Service_that_only_read_uses_a_restored_collection_and_keeps_later_writes()
    {
        string backup = Path.Combine(_service.Folder, "backup.db"),
            first = Source("kept"),
            second = Source("later");
        await RunAsync("index", first, "--to", Collection);
        await RunAsync("collection", "backup", Collection, backup);
        await RunAsync("index", second, "--to", Collection);
        Assert.Equal(2, await CountAsync());
        string map = await _service.Http.GetStringAsync("/v1/collections/docs/map");
        Assert.Contains("later", map, StringComparison.Ordinal);

        await RunAsync("collection", "restore", backup, Collection);

        Assert.Equal(1, await CountAsync());
        Assert.DoesNotContain("later", await _service.Http.GetStringAsync("/v1/collections/docs/map"), StringComparison.Ordinal);
        await _service.AddAsync("docs", new { id = "new", text = "a new document" });
        Assert.Equal(
            "a new document",
            (await _service.Http.GetFromJsonAsync<JsonNode>("/v1/collections/docs/documents/new"))!["text"]!.GetValue<string>()
        );
        Assert.Equal("new", await BestAsync("a new document"));
        Assert.Equal(2, (await JsonAsync("collection", "info", Collection, "--json"))["documents"]!.GetValue<int>());
    }

    [Fact]
    public async Task Replacement_collection_with_other_dimensions_is_searched_with_its_own_model()
    {
        await RunAsync("index", Source("first"), "--to", Collection);
        Assert.NotNull(await BestAsync("first"));
        string next = Path.Combine(_service.Folder, "next");
        await RunAsync("index", Source("second"), "--to", next, "--dimensions", "64");

        Directory.Move(Collection, Path.Combine(_service.Folder, "before"));
        Directory.Move(next, Collection);

        Assert.NotNull(await BestAsync("second"));
        await _service.AddAsync("docs", new { id = "new", text = "a new document" });
        Assert.Equal("new", await BestAsync("a new document"));
        Assert.Equal(64, (await _service.Http.GetFromJsonAsync<JsonNode>("/v1/collections/docs"))!["dimensions"]!.GetValue<int>());
        Assert.Equal(200, (int)(await _service.Http.PutAsJsonAsync("/v1/collections/docs", new { dimensions = 64 })).StatusCode);
    }

    [Fact]
    public async Task Deleted_collection_is_a_one_line_error_and_can_be_recreated()
    {
        foreach (bool hasWritten in (bool[])[false, true])
        {
            await RunAsync("index", Source("first"), "--to", Collection);
            Assert.NotNull(await BestAsync("first"));
            if (hasWritten)
                await _service.AddAsync("docs", new { id = "new", text = "a new document" });

            Directory.Delete(Collection, recursive: true);

            (int status, JsonNode error) = await _service.RefusedAsync(
                _service.PostAsync("/v1/collections/docs/documents", """{"documents":[{"id":"lost","text":"lost"}]}""")
            );
            Assert.Equal(404, status);
            Assert.Contains("files of the collection", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Equal(
                404,
                (await _service.RefusedAsync(_service.PostAsync("/v1/collections/docs/search", """{"query":"first"}"""))).Status
            );
            Assert.Equal(404, (await _service.RefusedAsync(_service.Http.GetAsync("/v1/collections/docs/documents/lost"))).Status);
            Assert.False(Directory.Exists(Collection));

            await _service.CreateAsync("docs");
            Assert.Equal(0, await CountAsync());
            await _service.AddAsync("docs", new { id = "again", text = "made again" });
            Assert.Equal("again", await BestAsync("made again"));
            (await _service.Http.DeleteAsync("/v1/collections/docs")).EnsureSuccessStatusCode();
        }
    }

    private async Task<int> CountAsync() =>
        (await _service.Http.GetFromJsonAsync<JsonNode>("/v1/collections/docs"))!["documents"]!.GetValue<int>();

    private async Task<string?> BestAsync(string query)
    {
        HttpResponseMessage answer = await _service.Http.PostAsJsonAsync("/v1/collections/docs/search", new { query, k = 1 });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["results"]!.AsArray().FirstOrDefault()?["id"]!.GetValue<string>();
    }

    private string Source(string name)
    {
        string file = Path.Combine(_service.Folder, $"{name}.txt");
        File.WriteAllText(file, $"the text called {name}");
        return file;
    }

    private async Task<JsonNode> JsonAsync(params string[] arguments) => JsonNode.Parse(await RunAsync(arguments))!;

    private async Task<string> RunAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [ServiceProcess.Program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["SEXTANT_CACHE"] = Path.Combine(_service.Folder, ".cache") },
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }
}
