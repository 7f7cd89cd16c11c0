using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Sextant.Examples.Tests;

/// <summary>The search page, served as its user would.</summary>
public sealed class WebSearchTests : IAsyncLifetime
{
    private readonly Example _example = new();
    private Process _process = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        (_process, Uri address) = await _example.ServeAsync("WebSearch", "--Collections", Path.Combine(_example.Folder, "collections"));
        _http = new() { BaseAddress = address };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _example.Dispose();
    }

    [Fact]
    public async Task A_search_finds_the_refund_answer_first()
    {
        JsonElement hits = await _http.GetFromJsonAsync<JsonElement>(
            "search?q=how do I get my money back",
            TestContext.Current.CancellationToken
        );

        Assert.Equal("refunds-02", hits[0].GetProperty("id").GetString());
        Assert.Equal("When will my refund arrive?", hits[0].GetProperty("title").GetString());
        Assert.Equal(10, hits.GetArrayLength());
    }

    [Fact]
    public async Task Suggestions_are_titles_for_the_typed_prefix()
    {
        string[]? titles = await _http.GetFromJsonAsync<string[]>("suggest?q=refund tak", TestContext.Current.CancellationToken);

        Assert.Equal(6, titles!.Length);
        Assert.Contains("refund", titles[0], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere()
    {
        string page = await _http.GetStringAsync("", TestContext.Current.CancellationToken);

        Assert.Contains("<input id=\"query\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
    }
}
