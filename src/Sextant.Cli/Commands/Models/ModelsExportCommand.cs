using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Training.Export;

namespace Sextant.Cli.Commands.Models;

/// <summary><c>sextant models export</c>: writes the ONNX graph of a transformer's directory.</summary>
internal static class ModelsExportCommand
{
    public static Command Create(Shell shell)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A transformer's folder (Hugging Face or sentence-transformers layout, safetensors or ONNX), or a model's name",
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The output folder; may be the model's own",
            HelpName = "OUT",
            Required = true,
        };
        var onnx = new Option<bool>("--onnx") { Description = "Write an ONNX graph (the only format)" };
        var int8 = new Option<bool>("--int8") { Description = "Quantize the weights to 8 bits: a quarter of the size, and faster" };
        var pooled = new Option<bool>("--pooled")
        {
            Description = "Add pooling to the graph, so that it returns one vector per text instead of one per token",
        };
        var command = new Verb("export", "Export a transformer to ONNX, for Sextant and sentence-transformers.")
        {
            Arguments = { model },
            Options = { output, onnx, int8, pooled },
            Examples =
            [
                ("sextant models export ./my-bert --onnx -o ./my-bert", "adds the graph to a trained model's own folder"),
                ("sextant models export all-MiniLM-L6-v2 --onnx --int8 -o ./minilm-int8", "writes a small and fast copy"),
            ],
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                Task.Run(
                    () =>
                    {
                        if (!parsed.GetValue(onnx))
                            throw new InputException("no format given; add --onnx");
                        OnnxExportOptions options = new() { Int8 = parsed.GetValue(int8), Pooled = parsed.GetValue(pooled) };
                        return RunAsync(shell, parsed.GetRequiredValue(model), parsed.GetRequiredValue(output), options, cancellationToken);
                    },
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        Shell shell,
        string name,
        string output,
        OnnxExportOptions options,
        CancellationToken cancellationToken
    )
    {
        // A folder is used as written.
        string folder = Directory.Exists(name) ? name : (await ChosenModel.Registry.GetFolderAsync(name, cancellationToken))?.Path ?? name;
        string graph = OnnxExporter.Export(folder, output, options);
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("output", output);
                json.WriteString("graph", graph);
                json.WriteNumber("bytes", new FileInfo(graph).Length);
            });
        }
        else
        {
            shell.Out.WriteLine($"{graph} ({new FileInfo(graph).Length / 1e6:F1} MB)");
        }

        return ExitCode.Done;
    }
}
