using System.Text.Json;
using Sextant.Cli.Tests;
using Sextant.Hosted.Tests.Services;

namespace Sextant.Hosted.Tests;

/// <summary>The built command against a server on loopback.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private readonly FakeOpenAI _server = new();
    private readonly SextantCommand _command = new();

    public ValueTask InitializeAsync()
    {
        _command.Environment["OPENAI_API_KEY"] = _server.Key;
        _command.Environment["OPENAI_BASE_URL"] = new Uri(_server.Address, "/v1").ToString();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _command.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Embed_gives_the_services_vectors_and_says_what_they_cost()
    {
        CommandResult result = await _command.RunAsync("embed", "--model", "openai:text-embedding-3-small", "hello world");

        Assert.Equal(0, result.ExitCode);
        float[] vector = JsonSerializer.Deserialize<JsonElement>(Assert.Single(result.Lines)).GetProperty("embedding").Deserialize<float[]>()!;
        Assert.Equal(FakeService.VectorOf("hello world", 1536), vector);
        Assert.Equal("used 1 request, 2 tokens, $0.00000004\n", result.Error);
    }

    [Fact]
    public async Task What_was_paid_for_once_is_not_asked_again()
    {
        await _command.RunAsync("embed", "--model", "openai:text-embedding-3-small", "hello world");
        CommandResult again = await _command.RunAsync("embed", "--model", "openai:text-embedding-3-small", "hello world");

        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.Single(_server.Requests);
    }
}
