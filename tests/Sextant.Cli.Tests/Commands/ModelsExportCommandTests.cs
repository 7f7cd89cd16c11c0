using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class ModelsExportCommandTests : IDisposable
{
    private static readonly string Fixtures = Path.Combine(SextantCommand.Repository, "tests", "Sextant.Onnx.Tests", "Fixtures");

    private readonly SextantCommand _sextant = new();

    [Fact]
    public async Task Model_with_only_an_ONNX_graph_is_exported_and_embeds()
    {
        string model = Path.Combine(Fixtures, "bert");
        CommandResult export = await _sextant.RunAsync("models", "export", model, "--onnx", "--int8", "-o", "small", "--json");
        Assert.Equal((0, ""), (export.ExitCode, export.Error));
        Assert.Equal(
            Path.Combine("small", "onnx", "model_quantized.onnx"),
            JsonDocument.Parse(export.Output).RootElement.GetProperty("graph").GetString()
        );

        float[] whole = await EmbedAsync(model),
            small = await EmbedAsync("small");
        Assert.InRange(System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(whole, small), 0.99f, 0.999999f);
    }

    [Fact]
    public async Task Decoder_is_rejected_with_its_first_unsupported_node()
    {
        CommandResult export = await _sextant.RunAsync("models", "export", Path.Combine(Fixtures, "mistral"), "--onnx", "-o", "out");
        Assert.Equal(2, export.ExitCode);
        Assert.Contains("model.onnx: node '", export.Error, StringComparison.Ordinal);
        Assert.Contains("is not supported: expected ", export.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_sextant.Folder, "out")));
    }

    [Fact]
    public async Task Missing_device_is_a_one_line_error()
    {
        CommandResult embed = await _sextant.RunAsync("embed", "a", "--model", Path.Combine(Fixtures, "bert"), "--device", "cuda");
        Assert.Equal(
            (
                2,
                "sextant: the execution provider cuda is not in this program's ONNX Runtime, which has cpu; "
                    + "reference Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime"
            ),
            (embed.ExitCode, embed.Error.Trim())
        );
    }

    [Fact]
    public async Task Misspelled_device_is_a_one_line_error()
    {
        CommandResult embed = await _sextant.RunAsync("embed", "a", "--device", "gpu");
        Assert.Equal((2, 1), (embed.ExitCode, embed.Error.Count(static c => c == '\n')));
        Assert.Contains("--device must be cpu, cuda, directml or coreml, not 'gpu'", embed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_must_be_at_least_1_and_do_not_change_vectors()
    {
        string model = Path.Combine(Fixtures, "bert");
        CommandResult none = await _sextant.RunAsync("embed", "a", "--model", model, "--threads", "0");
        Assert.Equal(
            (2, "sextant: --threads must be a whole number of at least 1, not '0'; see 'sextant embed --help'"),
            (none.ExitCode, none.Error.Trim())
        );
        Assert.Equal(await EmbedAsync(model), await EmbedAsync(model, "--threads", "1"));
    }

    public void Dispose() => _sextant.Dispose();

    private async Task<float[]> EmbedAsync(string model, params string[] options)
    {
        CommandResult embed = await _sextant.RunAsync([
            "embed",
            "how do refunds work?",
            "--json",
            "--no-cache",
            "--model",
            model,
            .. options,
        ]);
        Assert.Equal((0, ""), (embed.ExitCode, embed.Error));
        return JsonDocument.Parse(embed.Output).RootElement.GetProperty("embedding").Deserialize<float[]>()!;
    }
}
