using System.Globalization;
using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class SimilarityCommandTests : IDisposable
{
    private const string Fox = "The quick brown fox jumps over the lazy dog";
    private const string Paraphrase = "A fast auburn fox leaps above the sleepy hound";
    private const string Other = "Python is a programming language";

    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Paraphrase_scores_far_higher_than_an_unrelated_text()
    {
        CommandResult near = await _sextant.RunAsync("similarity", Fox, Paraphrase);
        CommandResult far = await _sextant.RunAsync("similarity", Fox, Other);

        Assert.True(Number(near) > Number(far) + 0.3, $"{near.Output} {far.Output}");
    }

    [Fact]
    public async Task Json_has_one_object_for_each_pair()
    {
        CommandResult result = await _sextant.RunAsync("similarity", Fox, Paraphrase, Other, "--json", "--metric", "euclidean");

        JsonElement[] pairs = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(3, pairs.Length);
        Assert.All(pairs, pair => Assert.Equal(["a", "b", "metric", "score"], pair.EnumerateObject().Select(p => p.Name)));
        Assert.True(pairs[0].GetProperty("score").GetDouble() < pairs[1].GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task Three_or_more_texts_print_a_matrix()
    {
        CommandResult result = await _sextant.RunAsync("similarity", "cat", "dog", "car");

        Assert.Equal(4, result.Lines.Length);
        Assert.Matches(@"^cat +1\.0000 +-?\d\.\d{4} +-?\d\.\d{4}$", result.Lines[1]);
    }

    private static double Number(CommandResult result) => double.Parse(result.Output, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("similarity a b --metric cos", "--metric must be cosine, dot or euclidean, not 'cos'; did you mean 'cosine'?")]
    [InlineData("similarity a b --metric Manhattan", "--metric must be cosine, dot or euclidean, not 'Manhattan'")]
    [InlineData(
        "index x.txt --to c --storage float",
        "--storage must be packed, float32, int8, int4 or bit, not 'float'; did you mean 'float32'?"
    )]
    [InlineData("index x.txt --to c --overflow cut", "--overflow must be error, truncate or chunk, not 'cut'")]
    [InlineData("embed a --format json", "--format must be jsonl, csv, npy or parquet, not 'json'; did you mean 'jsonl'?")]
    [InlineData(
        "train p.tsv -o m --loss infonc",
        "--loss must be auto, mnrl, infonce, triplet or cosent, not 'infonc'; did you mean 'infonce'?"
    )]
    [InlineData("train p.tsv -o m --adapter lora", "--adapter must be linear or mlp, not 'lora'")]
    [InlineData("train p.tsv -o m --device gpu", "--device must be cpu, cuda, directml or coreml, not 'gpu'")]
    [InlineData("embed a --model sextant-smal", "did you mean 'sextant-small'?")]
    [InlineData("embed a --model all-MiniLM-L6-v3", "did you mean 'all-MiniLM-L6-v2'?")]
    public async Task Invalid_choice_is_rejected_with_the_valid_ones(string command, string expected)
    {
        CommandResult result = await _sextant.RunAsync(command.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_has_a_cosine_of_1_with_itself()
    {
        CommandResult result = await _sextant.RunAsync("similarity", "the quick brown fox", "the quick brown fox", "--json");
        Assert.Contains("\"score\":1}", result.Output, StringComparison.Ordinal);
    }
}
