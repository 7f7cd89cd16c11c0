using System.Globalization;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests;

public sealed class EngineStressTests : IDisposable
{
    private const int Ids = 240;
    private const int Writers = 3;
    private const int Texts = 25;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Concurrent_changes_and_searches_lose_nothing_and_find_nothing_deleted()
    {
        Presence presence = new(Ids);
        string[] last = new string[Ids];
        await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("c"), WordModel.Options()))
        {
            await StressTime.RunAsync([
                .. Enumerable.Range(0, Writers).Select(writer => (Func<CancellationToken, Task>)(over => WriteAsync(engine, writer, over))),
                over => SearchAsync(engine, SearchMode.Semantic, over),
                over => SearchAsync(engine, SearchMode.Hybrid, over),
                over => CompactAsync(engine, over),
            ]);
            await ThereAsync(engine);
        }

        await using SemanticSearchEngine again = await SemanticSearchEngine.OpenAsync(_folder.File("c"), WordModel.Options());
        await ThereAsync(again);

        async Task WriteAsync(SemanticSearchEngine engine, int writer, CancellationToken over)
        {
            Random random = new(writer);
            while (!over.IsCancellationRequested)
            {
                int[] ids = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (random.Next(Ids / Writers) * Writers) + writer)];
                if (random.Next(3) == 0)
                {
                    await engine.DeleteAsync(ids.Select(Name), CancellationToken.None);
                    foreach (int id in ids)
                        presence.Removed(id);
                    continue;
                }

                // The same id may come twice in one batch, and the same text under many ids.
                Document[] documents = Array.ConvertAll(ids, id => new Document(Text(random)) { Id = Name(id) });
                foreach (int id in ids)
                    presence.Adding(id);
                await engine.AddDocumentsAsync(documents, CancellationToken.None);
                for (int i = 0; i < ids.Length; i++)
                    last[ids[i]] = documents[i].Text;
            }
        }

        async Task SearchAsync(SemanticSearchEngine engine, SearchMode mode, CancellationToken over)
        {
            Random random = new(7);
            while (!over.IsCancellationRequested)
            {
                int[] before = presence.Now();
                foreach (SearchResult hit in await engine.SearchAsync(Text(random), 20, new() { Mode = mode }, CancellationToken.None))
                {
                    Assert.False(
                        presence.WasAbsent(before, int.Parse(hit.Id, CultureInfo.InvariantCulture)),
                        $"{hit.Id} was deleted before the search began"
                    );
                }
            }
        }

        async Task ThereAsync(SemanticSearchEngine engine)
        {
            for (int id = 0; id < Ids; id++)
                Assert.Equal(presence.IsPresent(id) ? last[id] : null, (await engine.GetAsync(Name(id)))?.Text);
            Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
        }
    }

    private static async Task CompactAsync(SemanticSearchEngine engine, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await engine.Maintenance.CompactAsync(CancellationToken.None);
            await engine.Maintenance.VerifyAsync(CancellationToken.None);
        }
    }

    private static string Name(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static string Text(Random random) => string.Create(CultureInfo.InvariantCulture, $"text number {random.Next(Texts)}");
}
