using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Graph;
using Sextant.Search.Storage.Local;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>A graph that was being built when its process died is not built from nothing again.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const int Interval = BuilderProcess.Interval,
        Batch = BuilderProcess.Batch;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Graph_build_resumes_from_its_last_snapshot_after_kill_9()
    {
        string collection = _folder.File("c");
        int acknowledged = 0;
        using (Process builder = BuilderProcess.Start(collection))
        {
            while (acknowledged < 3 * Interval)
                acknowledged = int.Parse((await builder.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            builder.Kill();
            while (await builder.StandardOutput.ReadLineAsync() is { } line)
                acknowledged = int.TryParse(line, CultureInfo.InvariantCulture, out int more) ? Math.Max(acknowledged, more) : acknowledged;
            await builder.WaitForExitAsync();
        }

        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, WordModel.Options());
        Assert.Empty(engine.Warnings);
        Assert.InRange(engine.Collection.Graph.Loaded, Interval, acknowledged + Batch);
        Assert.InRange(await engine.CountAsync(), acknowledged, acknowledged + Batch);
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
        for (int i = 0; i < acknowledged; i += 37)
            Assert.Equal(BuilderProcess.Id(i), (await engine.SearchAsync(BuilderProcess.Text(i), 1))[0].Id);
    }

    [Fact]
    public async Task Graph_built_at_opening_is_saved_at_checkpoints_and_each_checkpoint_is_complete()
    {
        string collection = _folder.File("c");
        await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, WordModel.Options()))
        {
            for (int i = 0; i < 4 * Interval; i += Batch)
                await engine.AddDocumentsAsync(BuilderProcess.Documents(i));
            await engine.DeleteAsync([BuilderProcess.Id(3), BuilderProcess.Id(4)]);
            // The last change is that of the first documents.
            await engine.AddDocumentsAsync(
                Enumerable.Range(0, 3).Select(i => new Document(BuilderProcess.Text(i + 10_000)) { Id = BuilderProcess.Id(i) })
            );
        }

        CollectionFiles files = new(collection);
        File.Delete(files.Index);
        List<long> kept = [];
        using (DocumentReader reader = new(files))
        using (DocumentWriter writer = new(files))
        using (LiveIndex loading = new(files, LocalCollection.ReadManifest(files)!) { SnapshotInterval = Interval, BatchRows = Batch })
        {
            // As if the process ended at the third.
            Assert.Throws<OperationCanceledException>(() =>
                loading.Load(
                    reader,
                    (index, change) =>
                    {
                        loading.Save(writer, index, change);
                        kept.Add(change);
                        if (kept.Count == 3)
                            throw new OperationCanceledException();
                    },
                    CancellationToken.None
                )
            );
        }

        Assert.Equal(kept.Order(), kept);
        await using LocalCollection again = await LocalCollection.OpenAsync(
            files,
            LocalCollection.ReadManifest(files)!,
            NullLogger.Instance,
            CancellationToken.None
        );
        Assert.InRange(again.Graph.Loaded, 3 * Interval, (4 * Interval) - 1);
        Assert.Empty(again.Warnings);
        Assert.Equal((4 * Interval) - 2, again.Graph.Count);
        Assert.Empty((await again.VerifyAsync(CancellationToken.None)).Problems);
    }
}
