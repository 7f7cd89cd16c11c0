using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class ModelsCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Local_model_is_described_from_its_files()
    {
        string folder = Path.Combine(SextantCommand.Repository, "models", "sextant-small");

        CommandResult result = await _sextant.RunAsync("models", "show", Path.GetRelativePath(_sextant.Folder, folder), "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement shown = JsonDocument.Parse(Assert.Single(result.Lines)).RootElement;
        Assert.Equal((folder, folder), (shown.GetProperty("name").GetString(), shown.GetProperty("path").GetString()));
        Assert.Equal((256, "mean"), (shown.GetProperty("dimensions").GetInt32(), shown.GetProperty("pooling").GetString()));
        Assert.Equal([256, 128, 64, 32], shown.GetProperty("matryoshka").Deserialize<int[]>()!);
    }

    [Fact]
    public async Task List_recommends_a_stronger_model_and_its_option()
    {
        CommandResult result = await _sextant.RunAsync("models");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("--model all-MiniLM-L6-v2", result.Error, StringComparison.Ordinal);
        Assert.Equal("", (await _sextant.RunAsync("models", "--quiet")).Error);
    }

    [Theory]
    [InlineData("hf:acme/nothing", "neither in the catalog nor on this machine; download it with: sextant models pull hf:acme/nothing")]
    [InlineData("nothing", "unknown model 'nothing'; use sextant-small (built in)")]
    [InlineData("./nothing", "./nothing: no such model folder")]
    [InlineData("azure:my-embeddings", "set the environment variable AZURE_OPENAI_API_KEY")]
    public async Task Unknown_model_is_a_one_line_error_with_a_suggestion(string name, string says)
    {
        _sextant.Environment["AZURE_OPENAI_API_KEY"] = "";
        _sextant.Environment["HF_HUB_CACHE"] = Path.Combine(_sextant.Folder, "hub");

        CommandResult result = await _sextant.RunAsync("models", "show", name);

        Assert.Equal((2, "", 1), (result.ExitCode, result.Output, result.Error.Count(static c => c == '\n')));
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
    }
}
