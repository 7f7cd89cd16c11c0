using System.Diagnostics;
using System.Globalization;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>kill -9 at random moments: acknowledged writes exist, all others exist completely or not at all.</summary>
public sealed class KilledWriterTests : IDisposable
{
    private const int Rounds = 25;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Acknowledged_writes_survive_kill_9_at_any_moment()
    {
        string collection = _folder.File("docs.sextant");
        Dictionary<string, string> acknowledged = [];
        Random random = new(20260101);
        for (int round = 1; round <= Rounds; round++)
        {
            // From before its collection is open to well into its work; where in a write it dies is up to the scheduler.
            string[] said = await KillAsync(collection, round, lines: random.Next(4) == 0 ? 0 : random.Next(1, 80));
            foreach (string line in said.Where(line => !line.StartsWith("try", StringComparison.Ordinal)))
                Apply(line, acknowledged);
            if (!SemanticSearchEngine.Exists(collection))
            {
                Assert.Empty(said);
                continue;
            }

            // The one write that it was about may have reached the disk without its acknowledgement.
            Dictionary<string, string> withLast = new(acknowledged);
            if (said.LastOrDefault()?.Split("try ") is ["", string pending])
                Apply(pending, withLast);

            await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, WordModel.Options());
            Dictionary<string, string> stored = await StoredAsync(engine);
            if (Same(stored, withLast))
                acknowledged = withLast;
            else
                Assert.Equal(acknowledged, stored);

            Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
            foreach ((string id, string text) in stored.Take(5))
                Assert.Equal(id, (await engine.SearchAsync(text, 1))[0].Id);
        }

        Assert.NotEmpty(acknowledged);
    }

    private static async Task<string[]> KillAsync(string collection, int seed, int lines)
    {
        using Process writer = WriterProcess.Start(collection, seed);
        List<string> said = [];
        while (said.Count < lines)
        {
            said.Add(
                await writer.StandardOutput.ReadLineAsync()
                    ?? throw new InvalidOperationException($"the writer ended: {await writer.StandardError.ReadToEndAsync()}")
            );
        }

        writer.Kill();
        // What it said before it died, and was still in the pipe, counts too.
        while (await writer.StandardOutput.ReadLineAsync() is { } line)
            said.Add(line);
        await writer.WaitForExitAsync();
        return [.. said];
    }

    private static async Task<Dictionary<string, string>> StoredAsync(SemanticSearchEngine engine)
    {
        Dictionary<string, string> stored = [];
        await foreach (Document document in engine.ListAsync())
            stored.Add(document.Id!, document.Text);
        return stored;
    }

    private static void Apply(string write, Dictionary<string, string> documents)
    {
        string[] words = write.Split(' ');
        foreach (string id in words[2..])
        {
            if (words[0] == "del")
                documents.Remove(id);
            else
                documents[id] = WriterProcess.TextOf(id, int.Parse(words[1], CultureInfo.InvariantCulture));
        }
    }

    private static bool Same(Dictionary<string, string> a, Dictionary<string, string> b) => a.Count == b.Count && !a.Except(b).Any();
}
