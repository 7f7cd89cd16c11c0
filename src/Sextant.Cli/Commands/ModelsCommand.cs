using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Models.Catalog;
using Sextant.Models.Hub;

namespace Sextant.Cli.Commands;

/// <summary><c>sextant models</c>: the table to choose a model from, and what is on the disk of it.</summary>
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
        var pulled = new Argument<string>("NAME") { Description = "hf:ORG/NAME, hf:ORG/NAME@REVISION, or an alias of the catalogue" };
        var pull = new Verb("pull", "Fetch a model from Hugging Face, or bring it up to date; the cache is shared with Python.")
        {
            Arguments = { pulled },
            Examples =
            [
                ("sextant models pull hf:minishlab/potion-base-8M", "fetches the files that are needed, and says where they are"),
                ("sextant models pull bge-small-en-v1.5", "the same by its short name"),
            ],
        };
        pull.SetAction((parsed, cancellationToken) => PullAsync(shell, parsed.GetValue(pulled)!, cancellationToken));
        var models = new Verb("models", "Compare models, show what is known of one, fetch one.")
        {
            Subcommands = { list, show, pull, ModelsExportCommand.Create(shell) },
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
        string repository = name.StartsWith("hf:", StringComparison.Ordinal) ? name : Repository(name);
        HubSnapshot snapshot = await new HubClient(ChosenModel.Hub).PullAsync(repository, cancellationToken);
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("model", repository);
                json.WriteString("commit", snapshot.Commit);
                json.WriteString("path", snapshot.Folder);
            });
        }
        else
        {
            shell.Out.WriteLine(snapshot.Folder);
        }
        return ExitCode.Done;
    }

    private static string Repository(string name)
    {
        string known = ModelCatalog.Default.Find(name)?.Name ?? (name.Contains('/') ? "hf:" + name : name);
        return known.StartsWith("hf:", StringComparison.Ordinal) ? known : throw new InputException(
            $"'{name}' is no model that can be fetched; write hf:ORG/NAME, for instance hf:minishlab/potion-base-8M");
    }

    // What somebody fetched by its repository's name belongs into the list of what is here.
    private static IEnumerable<CatalogEntry> Others(HubClient hub) =>
        hub.List().Where(s => ModelCatalog.Default.Find("hf:" + s.Repository) is null)
            .Select(s => new CatalogEntry { Name = "hf:" + s.Repository, Dimensions = 0 });

    private static string? Place(HubClient hub, CatalogEntry entry) => entry switch
    {
        { Name: Sextant.Models.StaticModelProvider.BuiltInModel } => "built in",
        { Name: ['h', 'f', ':', ..] } => hub.Find(entry.Name)?.Folder,
        _ => Path.Exists(entry.Name) ? entry.Name : null,
    };
}
