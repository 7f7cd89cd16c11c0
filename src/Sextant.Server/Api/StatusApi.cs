using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Backups;
using Sextant.Server.Collections;
using Sextant.Server.Keys;
using Sextant.Server.Models;

namespace Sextant.Server.Api;

/// <summary>The state of the machine and the service, for <c>sextant doctor</c> and other monitors.</summary>
internal static class StatusApi
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/status", GetAsync)
            .WithName("getStatus")
            .WithTags("Health")
            .WithSummary("Reports version, clock, memory, disk, limits, models and backups.")
            .Needs(KeyRights.Monitor, RightScope.Any);

    private static async Task<Ok<ServiceStatus>> GetAsync(
        Readiness readiness,
        ServerOptions options,
        CollectionSet collections,
        ServedModels models,
        BackupJob backups,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        DriveInfo? disk = collections.Root is FolderRoot ? new(Path.GetFullPath(options.Collections)) : null;
        return TypedResults.Ok(
            new ServiceStatus(
                "status",
                typeof(StatusApi).Assembly.GetName().Version!.ToString(3),
                time.GetUtcNow(),
                await readiness.LastingProblemAsync(cancellationToken),
                Environment.WorkingSet,
                memory.TotalAvailableMemoryBytes,
                disk?.AvailableFreeSpace,
                disk?.TotalSize,
                options.RequestsPerSecond,
                options.MaxConcurrency,
                models.Names,
                models.Waiting,
                backups.IsScheduled,
                (await backups.AgeAsync(cancellationToken))?.TotalSeconds,
                backups.Failures,
                backups.Failing
            )
        );
    }
}

/// <summary>The answer of <c>/v1/status</c>.</summary>
internal sealed record ServiceStatus(
    string Object,
    string Version,
    DateTimeOffset Time,
    string? Problem,
    long MemoryBytes,
    long MemoryLimitBytes,
    long? DiskFreeBytes,
    long? DiskTotalBytes,
    int RequestsPerSecond,
    int MaxConcurrency,
    IReadOnlyList<string> Models,
    int ModelQueue,
    bool BackupsScheduled,
    double? BackupAgeSeconds,
    long BackupFailures,
    int BackupsFailing
);
