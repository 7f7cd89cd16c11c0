using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Models;

namespace Sextant.Onnx.Tests;

/// <summary>A folder may carry vectors that its model must give; see docs/formats.md.</summary>
public sealed class GoldenFileTests : IDisposable
{
    private readonly TinyModel _model = new("bert");

    public GoldenFileTests()
    {
        _model.AddModules(new JsonObject { ["pooling_mode"] = "mean" }, "Normalize");
        WriteGolden(_model.Texts.Zip(_model.Expected("mean"), Line));
    }

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task Model_that_matches_its_golden_vectors_opens()
    {
        float[][] vectors = await _model.EmbedAsync(["a"]);

        Assert.Equal(TinyModel.Hidden, vectors[0].Length);
    }

    [Fact]
    public async Task Wrong_pooling_is_detected()
    {
        _model.AddModules(new JsonObject { ["pooling_mode"] = "lasttoken" });

        InputException error = await Assert.ThrowsAsync<InputException>(() => _model.OpenAsync());

        Assert.Matches(
            @"/golden\.jsonl:1: the model does not return the expected vector \(cosine -?[01]\.\d{3}, expected at least 0\.99\)",
            error.Message
        );
    }

    [Fact]
    public async Task Wrong_tokenizer_is_detected()
    {
        _model.Edit("tokenizer.json", json => json["post_processor"] = null);

        InputException error = await Assert.ThrowsAsync<InputException>(() => _model.OpenAsync());

        Assert.Contains("its pooling, prompts, tokenizer or weights changed after it was saved", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_prompt_is_detected()
    {
        _model.Write("config_sentence_transformers.json", new JsonObject { ["prompts"] = new JsonObject { ["query"] = "query: " } });
        WriteGolden(
            _model.Texts.Zip(
                _model.Expected("mean"),
                (text, vector) => Line(text, vector).Replace("{", "{\"role\":\"query\",", StringComparison.Ordinal)
            )
        );

        await Assert.ThrowsAsync<InputException>(() => _model.OpenAsync());
    }

    [Fact]
    public async Task Wrong_dimensions_are_detected()
    {
        _model.AddModules(new JsonObject { ["pooling_mode"] = new JsonArray("mean", "cls") });

        InputException error = await Assert.ThrowsAsync<InputException>(() => _model.OpenAsync());

        Assert.Contains("returns 64 dimensions, expected 32", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json", "expected a text and its vector")]
    [InlineData("{\"text\":\"a\"}", "expected a text and its vector")]
    [InlineData("{\"text\":\"a\",\"embedding\":[1],\"role\":\"passage\"}", "the role 'passage' is not query or document")]
    public async Task Damaged_golden_file_is_an_error_with_the_line(string line, string says)
    {
        WriteGolden(["", line]);

        InputException error = await Assert.ThrowsAsync<InputException>(() => _model.OpenAsync());

        Assert.Contains("golden.jsonl:2: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private static string Line(string text, float[] vector) => JsonSerializer.Serialize(new { text, embedding = vector });

    private void WriteGolden(IEnumerable<string> lines) => File.WriteAllLines(_model.PathOf(GoldenVectors.FileName), lines);
}
