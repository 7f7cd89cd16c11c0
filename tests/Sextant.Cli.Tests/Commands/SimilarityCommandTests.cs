using System.Globalization;
using System.Text.Json;

namespace Sextant.Cli.Tests.Commands;

public sealed class SimilarityCommandTests : IDisposable
{
    private const string Fox = "The quick brown fox jumps over the lazy dog";
    private const string Paraphrase = "A fast auburn fox leaps above the sleepy hound";
    private const string Other = "Python is a programming language";

    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task A_paraphrase_is_far_nearer_than_another_subject()
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
    public async Task More_than_two_texts_make_a_matrix_of_plain_columns()
    {
        CommandResult result = await _sextant.RunAsync("similarity", "cat", "dog", "car");

        Assert.Equal(4, result.Lines.Length);
        Assert.Matches(@"^cat +1\.0000 +-?\d\.\d{4} +-?\d\.\d{4}$", result.Lines[1]);
    }

    private static double Number(CommandResult result) => double.Parse(result.Output, CultureInfo.InvariantCulture);
}
