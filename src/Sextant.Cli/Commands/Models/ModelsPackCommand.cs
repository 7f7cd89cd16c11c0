using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.NuGetModels;

namespace Sextant.Cli.Commands.Models;

/// <summary><c>sextant models pack</c>: makes a NuGet package of a model.</summary>
internal static class ModelsPackCommand
{
    public static Command Create(Shell shell)
    {
        var model = new Argument<string>("FOLDER") { Description = "The model's folder, or its name" };
        var id = new Option<string>("--id")
        {
            Description = "The package's id",
            HelpName = "PACKAGE",
            Required = true,
        };
        var version = new Option<string>("--version")
        {
            Description = "The package's version, such as 1.2.0",
            HelpName = "VERSION",
            Required = true,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The folder for the package",
            HelpName = "DIR",
            DefaultValueFactory = _ => ".",
        };
        var license = new Option<string?>("--license")
        {
            Description = "The license as an SPDX expression [default: from the model card]",
            HelpName = "SPDX",
        };
        var authors = new Option<string?>("--authors")
        {
            Description = "The package's authors [default: the package's id]",
            HelpName = "NAMES",
        };
        var description = new Option<string?>("--description") { Description = "One or two sentences for the feed", HelpName = "TEXT" };
        var command = new Verb("pack", "Create a NuGet package from a model; load it from any feed with nuget:PACKAGE.")
        {
            Arguments = { model },
            Options = { id, version, output, license, authors, description },
            Examples =
            [
                (
                    "sextant models pack ./my-model --id Contoso.Support.Embeddings --version 1.2.0",
                    "writes Contoso.Support.Embeddings.1.2.0.nupkg"
                ),
                ("dotnet nuget push Contoso.Support.Embeddings.1.2.0.nupkg --source contoso", "publishes it"),
                ("sextant search docs/ \"a question\" --model nuget:Contoso.Support.Embeddings@1.2.0", "uses it on any machine"),
            ],
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    shell,
                    parsed.GetRequiredValue(model),
                    parsed.GetRequiredValue(output),
                    new()
                    {
                        Id = parsed.GetRequiredValue(id),
                        Version = parsed.GetRequiredValue(version),
                        License = parsed.GetValue(license),
                        Authors = parsed.GetValue(authors),
                        Description = parsed.GetValue(description),
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
        ModelPackageOptions options,
        CancellationToken cancellationToken
    )
    {
        string folder = Directory.Exists(name)
            ? name
            : (await ChosenModel.Registry.GetFolderAsync(name, cancellationToken))?.Path
                ?? throw new InputException($"{name}: not a model folder; name a folder, or a model that was downloaded");
        string path = await ModelPackager.PackAsync(folder, output, options, ChosenModel.Registry, cancellationToken);
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("package", path);
                json.WriteString("model", $"nuget:{options.Id}@{options.Version}");
                json.WriteNumber("bytes", new FileInfo(path).Length);
            });
        }
        else
        {
            shell.Out.WriteLine($"{path} ({new FileInfo(path).Length / 1e6:F1} MB)");
        }

        return ExitCode.Done;
    }
}
