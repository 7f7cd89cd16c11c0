using System.Diagnostics;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Stores;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>Moving a folder to another model, when the process is killed.</summary>
public sealed class LocalReembedTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reembedding_killed_between_commit_and_graph_rename_loses_nothing()
    {
        NamedModels models = new();
        string path = _folder.File("c.sextant");
        await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(path, models.Options(NamedModels.First)))
        {
            await engine.AddDocumentsAsync(Enumerable.Range(0, 2_000).Select(i => $"word{i % 40} number{i}"));
            await engine.Maintenance.CompactAsync();
        }

        File.Copy(Path.Combine(path, "index.hnsw"), _folder.File("old.hnsw"));
        await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(path, models.Options()))
            await engine.Maintenance.ReembedAsync(models.Options(NamedModels.Second));
        File.Move(Path.Combine(path, "index.hnsw"), Path.Combine(path, "index.next.hnsw"));
        File.Move(_folder.File("old.hnsw"), Path.Combine(path, "index.hnsw"));

        await using SemanticSearchEngine after = await SemanticSearchEngine.OpenAsync(path, models.Options());

        Assert.Empty(after.Warnings);
        Assert.Empty((await after.Maintenance.VerifyAsync()).Problems);
        Assert.Equal("word9 number49", (await after.SearchAsync("word9 number49", 1))[0].Text);
    }

    [Fact]
    public async Task Reembedding_killed_at_any_moment_loses_nothing_and_resumes()
    {
        const int Documents = 1_500;
        NamedModels models = new();
        string path = _folder.File("c.sextant");
        await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(path, models.Options(NamedModels.First)))
        {
            await engine.AddDocumentsAsync(
                Enumerable.Range(0, Documents).Select(i => new Document($"word{i % 40} number{i}") { Id = $"{i}" })
            );
        }

        long kept = 0;
        bool isDone = false;
        for (int round = 0; !isDone && round < 12; round++)
        {
            // Each lives a little longer; the last ones die while they build the graph and switch, or not at all.
            using Process mover = MoverProcess.Start(path);
            string? last = null;
            for (int i = 0; i <= round && await mover.StandardOutput.ReadLineAsync() is { } line; i++)
                last = line;
            mover.Kill();
            while (await mover.StandardOutput.ReadLineAsync() is { } line)
                last = line;
            await mover.WaitForExitAsync();
            isDone = last == "done";

            await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(path, models.Options());
            isDone |= engine.Model.Name == NamedModels.Second;
            Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
            Assert.Equal("777", (await engine.SearchAsync("word17 number777", 1))[0].Id);
            if (isDone)
                break;
            int pending = 0;
            await foreach (string _ in engine.Maintenance.ListTextsToReembedAsync())
                pending++;
            if (last is not null)
                kept = Math.Max(kept, long.Parse(last, System.Globalization.CultureInfo.InvariantCulture));
            Assert.InRange(pending, 0, Documents - kept);
        }

        Assert.InRange(kept, 1, Documents);
        await using SemanticSearchEngine after = await SemanticSearchEngine.OpenAsync(path, models.Options());
        if (!isDone)
            await after.Maintenance.ReembedAsync(models.Options(NamedModels.Second));
        Assert.Empty((await after.Maintenance.VerifyAsync()).Problems);
        Assert.Equal((NamedModels.Second, (long)Documents), (after.Model.Name, await after.CountAsync()));
        Assert.Equal("777", (await after.SearchAsync("word17 number777", 1))[0].Id);
    }
}
