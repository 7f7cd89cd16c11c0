using System.Globalization;
using CsCheck;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests;

/// <summary>Any history of writes, openings and mishaps leaves the collection that a plain dictionary says it should be.</summary>
public sealed class CollectionHistoryTests
{
    private enum Step
    {
        Put,
        PutMetadata,
        Delete,
        Reopen,
        Compact,
        LoseSnapshot,
        Restore,
    }

    private static readonly Gen<(Step Step, int[] Ids, int Value)[]> History = Gen.Select(
        Gen.Frequency(
            (8, Gen.Const(Step.Put)),
            (3, Gen.Const(Step.PutMetadata)),
            (4, Gen.Const(Step.Delete)),
            (3, Gen.Const(Step.Reopen)),
            (1, Gen.Const(Step.Compact)),
            (1, Gen.Const(Step.LoseSnapshot)),
            (1, Gen.Const(Step.Restore))
        ),
        Gen.Int[0, 12].Array[1, 5],
        Gen.Int[0, 3]
    ).Array[1, 15];

    [Fact]
    public async Task Random_history_of_changes_yields_the_expected_collection() =>
        await History.SampleAsync(RunAsync, iter: 25, threads: 1);

    private static async Task RunAsync((Step Step, int[] Ids, int Value)[] history)
    {
        using TempFolder folder = new();
        string path = folder.File("c.sextant"),
            backup = folder.File("backup.db");
        Dictionary<string, (string Text, int Value)> expected = [],
            atBackup = [];
        SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(path, WordModel.Options());
        await engine.Maintenance.BackupAsync(backup);
        foreach ((Step step, int[] numbers, int value) in history)
        {
            string[] ids = [.. numbers.Distinct().Select(n => n.ToString(CultureInfo.InvariantCulture))];
            switch (step)
            {
                case Step.Put or Step.PutMetadata:
                    foreach (string id in ids)
                        expected[id] = (step == Step.Put ? $"text {id} {value}" : expected.GetValueOrDefault(id).Text ?? "fresh", value);
                    await engine.AddDocumentsAsync(
                        ids.Select(id => new Document(expected[id].Text)
                        {
                            Id = id,
                            Metadata = new() { ["v"] = expected[id].Value },
                        })
                    );
                    break;
                case Step.Delete:
                    Assert.Equal(ids.Count(expected.Remove), await engine.DeleteAsync(ids));
                    break;
                case Step.Compact:
                    await engine.Maintenance.CompactAsync();
                    await engine.Maintenance.BackupAsync(backup);
                    atBackup = new(expected);
                    break;
                default:
                    await engine.DisposeAsync();
                    if (step == Step.LoseSnapshot)
                        File.Delete(Path.Combine(path, "index.hnsw"));
                    if (step == Step.Restore)
                    {
                        await CollectionMaintenance.RestoreAsync(backup, path);
                        expected = new(atBackup);
                    }

                    engine = await SemanticSearchEngine.OpenAsync(path, WordModel.Options());
                    break;
            }
        }

        await using (engine)
            await CheckAsync(engine, expected);
    }

    private static async Task CheckAsync(SemanticSearchEngine engine, Dictionary<string, (string Text, int Value)> expected)
    {
        Dictionary<string, (string, int)> stored = [];
        await foreach (Document document in engine.ListAsync())
            stored.Add(document.Id!, (document.Text, (int)document.Metadata!["v"]!));
        Assert.Equal(expected, stored);
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
        foreach ((string id, (string text, int value)) in expected)
        {
            SearchOptions options = new() { Filter = $"v = {value}" };
            Assert.Contains(id, (await engine.SearchAsync(text, 20, options)).Where(hit => hit.Score > 0.9999f).Select(hit => hit.Id));
            Assert.Contains(id, (await engine.SearchAsync(text, 20, options with { Mode = SearchMode.Keyword })).Select(hit => hit.Id));
        }
    }
}
