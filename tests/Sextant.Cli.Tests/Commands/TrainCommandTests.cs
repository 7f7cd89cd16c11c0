using System.Globalization;
using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private const string Recipe = """
        { "sources": [{ "file": "pairs.tsv" }], "vocabularySize": 300, "wordPieces": 20, "dimensions": 16, "matryoshkaDimensions": [16],
          "passes": 1, "learningRate": 0.0001, "longestLetters": 0, "stems": false }
        """;

    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("adapter.safetensors", "--adapter", "mlp")]
    public async Task Killed_and_resumed_training_writes_the_same_bytes(string file, params string[] more)
    {
        await BaseAsync();
        string[] settings =
        [
            "train",
            "pairs.tsv",
            "--model",
            "base",
            "--epochs",
            "200",
            "--batch",
            "8",
            "--checkpoint",
            "10",
            "--patience",
            "200",
            .. more,
        ];
        CommandResult whole = await _sextant.RunAsync([.. settings, "-o", "whole"]);
        Assert.Equal(0, whole.ExitCode);
        int checkpoints = 0;
        DateTime last = default;
        CommandResult killed = await _sextant.KillAsync(
            [.. settings, "-o", "halves"],
            () =>
            {
                // Several checkpoints in, so that one is likely being written.
                DateTime written = File.GetLastWriteTimeUtc(Path.Combine(_sextant.Folder, "halves", "checkpoint.safetensors"));
                checkpoints += written != last ? 1 : 0;
                last = written;
                return checkpoints > 5;
            }
        );
        Assert.Equal(137, killed.ExitCode);
        CommandResult resumed = await _sextant.RunAsync([.. settings, "-o", "halves", "--resume", "--verbose"]);
        Assert.Contains("resumed after step", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(whole.Output.Replace("whole", "halves", StringComparison.Ordinal), resumed.Output);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(_sextant.Folder, "whole", file), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(Path.Combine(_sextant.Folder, "halves", file), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Json_has_a_line_per_epoch_and_one_with_scores_and_curves_are_plotted()
    {
        await BaseAsync();
        CommandResult result = await _sextant.RunAsync(
            "train",
            "pairs.tsv",
            "--model",
            "base",
            "-o",
            "tuned",
            "--epochs",
            "4",
            "--lr",
            "0.05",
            "--schedule",
            "cosine",
            "--accumulation",
            "2",
            "--clip",
            "1",
            "--warmup",
            "2",
            "--matryoshka",
            "16,8",
            "--mine-negatives",
            "2",
            "--mine-ranks",
            "2-20",
            "--mine-margin",
            "0.01",
            "--validation",
            "0.25",
            "--json"
        );
        Assert.Equal(0, result.ExitCode);
        JsonElement[] lines = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal([1, 2, 3, 4], lines[..^1].Select(line => line.GetProperty("epoch").GetInt32()));
        Assert.All(lines[..^1], line => Assert.InRange(line.GetProperty("recall_at_10").GetDouble(), 0, 1));
        double before = lines[^1].GetProperty("before").GetProperty("mrr").GetDouble(),
            after = lines[^1].GetProperty("after").GetProperty("mrr").GetDouble();
        Assert.True(after > before, string.Create(CultureInfo.InvariantCulture, $"{before} → {after}"));
        byte[] png = await File.ReadAllBytesAsync(
            Path.Combine(_sextant.Folder, "tuned", "curves.png"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal("PNG"u8, png.AsSpan(1, 3));
        string card = await File.ReadAllTextAsync(
            Path.Combine(_sextant.Folder, "tuned", "README.md"),
            TestContext.Current.CancellationToken
        );
        Assert.Contains("| loss | symmetric multiple negatives ranking, temperature 0.05 |", card, StringComparison.Ordinal);
        Assert.Equal(0, (await _sextant.RunAsync("similarity", "a dog", "a hound", "--model", "tuned", "--dimensions", "8")).ExitCode);
    }

    [Fact]
    public async Task Full_disk_stops_training_and_keeps_the_last_checkpoint()
    {
        await BaseAsync();
        string[] settings = ["train", "pairs.tsv", "--model", "base", "-o", "tuned", "--epochs", "3", "--batch", "8", "--checkpoint", "5"];
        string checkpoint = Path.Combine(_sextant.Folder, "tuned", "checkpoint.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(checkpoint)!);
        await File.WriteAllTextAsync(checkpoint, "the previous one", TestContext.Current.CancellationToken);
        // No file may grow beyond 4 KB, which fails writes like a full disk.
        string command = string.Join(' ', _sextant.CommandLine(settings).Select(word => $"'{word}'"));
        CommandResult full = await _sextant.RunProgramAsync(
            "bash",
            ["-c", $"trap '' XFSZ; ulimit -f 4; DOTNET_EnableWriteXorExecute=0 exec {command}"]
        );
        Assert.True(full.ExitCode == 1, full.Error);
        Assert.Contains("checkpoint.safetensors", full.Error, StringComparison.Ordinal);
        Assert.Contains("--resume", full.Error, StringComparison.Ordinal);
        Assert.Equal("the previous one", await File.ReadAllTextAsync(checkpoint, TestContext.Current.CancellationToken));
        Assert.Equal([checkpoint], Directory.GetFiles(Path.GetDirectoryName(checkpoint)!));
    }

    [Theory]
    [InlineData("bad.tsv:2: ", "train", "bad.tsv", "-o", "x")]
    [InlineData("--adapter", "train", "pairs.tsv", "-o", "x", "--query-only")]
    [InlineData("--max-cost", "train", "pairs.tsv", "-o", "x", "--max-cost", "1")]
    [InlineData("--mine-negatives", "train", "pairs.tsv", "-o", "x", "--mine-margin", "0.1")]
    [InlineData("--mine-ranks", "train", "pairs.tsv", "-o", "x", "--mine-negatives", "1", "--mine-ranks", "9-2")]
    [InlineData("--matryoshka", "train", "pairs.tsv", "-o", "x", "--matryoshka", "64,x")]
    [InlineData("--matryoshka", "train", "pairs.tsv", "-o", "x", "--dimensions", "64")]
    [InlineData("--mine-negatives", "train", "pairs.tsv", "-o", "x", "--loss", "infonce")]
    [InlineData("nowhere.tsv", "train", "pairs.tsv", "-o", "x", "--validation", "nowhere.tsv")]
    [InlineData("--data", "train", "recipe.json", "-o", "x")]
    public async Task Invalid_training_is_a_one_line_error_before_anything_is_written(string said, params string[] arguments)
    {
        Write();
        _sextant.Write("bad.tsv", "a\tb\nc\n");
        CommandResult result = await _sextant.RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(Path.Combine(_sextant.Folder, "x")));
    }

    [Fact]
    public async Task Query_adapter_searches_an_index_of_the_base_model_and_a_full_adapter_does_not()
    {
        Write();
        await _sextant.RunAsync("index", "pairs.tsv", "--to", "docs.sextant", "--text", "b");
        CommandResult queries = await _sextant.RunAsync("train", "pairs.tsv", "--adapter", "linear", "--query-only", "-o", "tuned");
        Assert.True(queries.ExitCode == 0, queries.Error);
        CommandResult found = await _sextant.RunAsync(
            "search",
            "docs.sextant",
            "she sells the stone",
            "--model",
            "./tuned",
            "-k",
            "1",
            "--json"
        );
        Assert.True(found.ExitCode == 0, found.Error);
        await _sextant.RunAsync("train", "pairs.tsv", "--adapter", "mlp", "-o", "moved");
        CommandResult refused = await _sextant.RunAsync("search", "docs.sextant", "she sells the stone", "--model", "./moved");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("vectors of different models are not comparable", refused.Error, StringComparison.Ordinal);
    }

    private async Task BaseAsync()
    {
        Write();
        CommandResult made = await _sextant.RunAsync("train", "recipe.json", "--data", ".", "-o", "base");
        Assert.True(made.ExitCode == 0, made.Error);
    }

    /// <summary>A small world of sentences, each said in two ways that share no content word.</summary>
    private void Write()
    {
        (string, string)[] things =
        [
            ("dog", "hound"),
            ("car", "automobile"),
            ("child", "kid"),
            ("boat", "ship"),
            ("stone", "rock"),
            ("song", "tune"),
        ];
        (string, string)[] deeds =
        [
            ("buys", "purchases"),
            ("sees", "notices"),
            ("loves", "adores"),
            ("fears", "dreads"),
            ("sells", "trades"),
            ("finds", "discovers"),
        ];
        IEnumerable<string> lines = things.SelectMany(thing =>
            deeds.Select(deed => $"she {deed.Item1} the {thing.Item1}\tthe woman {deed.Item2} a {thing.Item2}")
        );
        _sextant.Write("pairs.tsv", "a\tb\n" + string.Join('\n', lines) + "\n");
        _sextant.Write("recipe.json", Recipe);
    }
}
