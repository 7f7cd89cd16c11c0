using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Search;

namespace Sextant.Cli.Commands.Collections;

/// <summary><c>sextant collection</c>: maintains a collection.</summary>
internal static class CollectionCommand
{
    public static Command Create(Shell shell) =>
        new Verb("collection", "Inspect, verify, back up, copy and convert collections.")
        {
            Subcommands =
            {
                Info(shell),
                CollectionVerifyCommand.Create(shell),
                Compact(shell),
                Backup(shell),
                Restore(shell),
                CollectionTransferCommand.Export(shell),
                CollectionTransferCommand.Import(shell),
                CollectionCopyCommand.Create(shell),
                CollectionReembedCommand.Create(shell),
            },
            Examples =
            [
                ("sextant collection info faq.sextant", "shows its documents, model and size"),
                ("sextant collection backup faq.sextant faq.backup", "copies it into one file, even while it is in use"),
            ],
        };

    private static Verb Info(Shell shell)
    {
        Argument<string> collection = Collection();
        var command = new Verb("info", "Show how many documents a collection holds, its model and its size.")
        {
            Arguments = { collection },
            Examples = [("sextant collection info faq.sextant --json", "prints it as JSON")],
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                UseAsync(
                    shell,
                    parsed,
                    collection,
                    async engine =>
                    {
                        CollectionInfo info = await engine.GetInfoAsync(cancellationToken);
                        CollectionReport.Write(shell, info);
                        return ExitCode.Done;
                    },
                    cancellationToken
                )
        );
        return command;
    }

    private static Verb Compact(Shell shell)
    {
        Argument<string> collection = Collection();
        var command = new Verb("compact", "Reclaim space from deleted and replaced documents.")
        {
            Arguments = { collection },
            Examples = [("sextant collection compact faq.sextant", "makes its files smaller")],
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                UseAsync(
                    shell,
                    parsed,
                    collection,
                    async engine =>
                    {
                        long before = SizeOf(await engine.GetInfoAsync(cancellationToken));
                        await engine.Maintenance.CompactAsync(cancellationToken);
                        long after = SizeOf(await engine.GetInfoAsync(cancellationToken));
                        CollectionReport.WriteSizes(shell, engine.Location, before, after);
                        return ExitCode.Done;
                    },
                    cancellationToken
                )
        );
        return command;
    }

    private static Verb Backup(Shell shell)
    {
        Argument<string> collection = Collection();
        var file = new Argument<string>("FILE") { Description = "The backup file" };
        var command = new Verb("backup", "Copy a collection into one file, even while it is in use.")
        {
            Arguments = { collection, file },
            Examples = [("sextant collection backup faq.sextant faq.backup", "writes faq.backup atomically")],
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                UseAsync(
                    shell,
                    parsed,
                    collection,
                    async engine =>
                    {
                        await engine.Maintenance.BackupAsync(parsed.GetRequiredValue(file), cancellationToken);
                        CollectionReport.WriteCopied(shell, engine.Location, parsed.GetRequiredValue(file));
                        return ExitCode.Done;
                    },
                    cancellationToken
                )
        );
        return command;
    }

    private static Verb Restore(Shell shell)
    {
        var file = new Argument<string>("FILE") { Description = "The backup file" };
        Argument<string> collection = Collection();
        var command = new Verb("restore", "Create a collection from a backup.")
        {
            Arguments = { file, collection },
            Examples = [("sextant collection restore faq.backup restored.sextant", "creates restored.sextant")],
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await CollectionMaintenance.RestoreAsync(
                    parsed.GetRequiredValue(file),
                    parsed.GetRequiredValue(collection),
                    cancellationToken
                );
                CollectionReport.WriteCopied(shell, parsed.GetRequiredValue(file), parsed.GetRequiredValue(collection));
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Argument<string> Collection() =>
        new("COLLECTION") { Description = "The collection: a folder, or postgres://user@host/database#collection" };

    private static long SizeOf(CollectionInfo info) => info.DocumentsBytes + info.IndexBytes;

    private static async Task<int> UseAsync(
        Shell shell,
        ParseResult parsed,
        Argument<string> collection,
        Func<SemanticSearchEngine, Task<int>> use,
        CancellationToken cancellationToken
    )
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
            parsed.GetRequiredValue(collection),
            ChosenModel.Engine(parsed, createIfMissing: false),
            cancellationToken
        );
        Warnings.Show(shell, engine);
        return await use(engine);
    }
}
