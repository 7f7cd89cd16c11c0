using System.CommandLine;
using System.Globalization;
using Sextant.Search;

namespace Sextant.Cli.Commands.Doctor;

/// <summary>Checks a collection.</summary>
internal static class CollectionDoctor
{
    private const int Samples = 100;

    public static async IAsyncEnumerable<Finding> RunAsync(
        ParseResult parsed,
        string location,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        SemanticSearchEngine? engine = null;
        Finding? failure = null;
        try
        {
            engine = await SemanticSearchEngine.OpenAsync(location, ChosenModel.Engine(parsed, createIfMissing: false), cancellationToken);
        }
        catch (CollectionDamagedException e)
        {
            failure = Finding.Problem("open", e.Message, "list the damage with sextant collection verify, then restore a backup");
        }

        if (engine is null)
        {
            yield return failure!;
            yield break;
        }

        await using SemanticSearchEngine opened = engine;
        CollectionInfo info = await opened.GetInfoAsync(cancellationToken);
        yield return Finding.Ok("model", string.Create(CultureInfo.InvariantCulture, $"{info.Model.Name}, {info.Dimensions} dimensions"));
        yield return Finding.Ok("version", string.Create(CultureInfo.InvariantCulture, $"format {info.FormatVersion}"));
        foreach (string warning in opened.Warnings)
            yield return Finding.Warning("open", warning, "see docs/help/troubleshooting.md");
        yield return info.Created > TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1)
            ? Finding.Warning("clock", $"the collection was created in the future ({info.Created:u})", "set the clock of this machine")
            : Finding.Ok("clock", $"created {info.Created:u}");
        if (Directory.Exists(location))
        {
            DriveInfo disk = new(Path.GetFullPath(location));
            yield return Machine.Disk(disk.AvailableFreeSpace, disk.TotalSize, info.DocumentsBytes + info.IndexBytes);
        }

        yield return Machine.Memory(info.IndexBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "the index needs");
        CollectionVerification verification = await opened.Maintenance.VerifyAsync(cancellationToken);
        foreach (string problem in verification.Problems)
        {
            yield return Finding.Problem(
                "documents",
                problem,
                verification.CanBeRepaired ? $"sextant collection verify {location} --repair" : "restore a backup"
            );
        }

        if (verification.IsHealthy)
        {
            yield return Finding.Ok("documents", string.Create(CultureInfo.InvariantCulture, $"{verification.Documents:N0}, all intact"));
        }

        if (verification.IsHealthy && verification.Documents > 0)
        {
            RecallReport recall = await opened.Maintenance.MeasureRecallAsync(samples: Samples, cancellationToken: cancellationToken);
            yield return Machine.Recall(recall.Recall, location);
        }
    }
}
