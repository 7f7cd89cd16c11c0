using System.Diagnostics;
using System.Globalization;

namespace Sextant.Tests.Search;

/// <summary>kill -9 at random moments: what was acknowledged is there, what was not is there wholly or not at all.</summary>
public sealed class KilledWriterTests : IDisposable
{
    private const int Rounds = 25;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_acknowledged_survives_kill_9_at_any_moment()
    {
        string collection = _folder.File("docs.sextant");
        Dictionary<string, string?> acknowledged = [];
        Random random = new(20260101);
        int promises = 0;
        for (int round = 1; round <= Rounds; round++)
        {
            using Process writer = WriterProcess.Start(collection, round);
            // From before its collection is open to well into its work; where in a write it dies is up to the scheduler.
            int lines = random.Next(4) == 0 ? 0 : random.Next(1, 40);
            for (int i = 0; i < lines; i++)
            {
                string line = await writer.StandardOutput.ReadLineAsync()
                    ?? throw new InvalidOperationException($"the writer ended: {await writer.StandardError.ReadToEndAsync()}");
                Note(line, acknowledged);
                promises++;
            }

            writer.Kill();
            // What it said before it died, and was still in the pipe, are promises too.
            List<string> last = [];
            while (await writer.StandardOutput.ReadLineAsync() is { } rest)
                if (IsWhole(rest)) last.Add(rest);
            foreach (string rest in last) Note(rest, acknowledged);
            await writer.WaitForExitAsync();
            if (lines == 0 && last.Count == 0 && !SemanticSearchEngine.Exists(collection)) continue;

            await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, WordModel.Options());
            await CheckAsync(engine, acknowledged);
        }

        Assert.True(promises > Rounds);
    }

    private static async Task CheckAsync(SemanticSearchEngine engine, Dictionary<string, string?> acknowledged)
    {
        Dictionary<string, string> stored = [];
        await foreach (Document document in engine.ListAsync()) stored[document.Id!] = document.Text;

        // One write more than was acknowledged may have reached the disk: then all of its documents have its version.
        List<string> different = [.. acknowledged.Keys.Union(stored.Keys)
            .Where(id => acknowledged.GetValueOrDefault(id) != stored.GetValueOrDefault(id))];
        int[] versions = [.. different.Select(id => stored.TryGetValue(id, out string? text) ? Version(text) : -1).Distinct()];
        Assert.True(versions.Length <= 1, $"documents of several unacknowledged writes: {string.Join(", ", different)}");
        foreach (string id in different)
            if (acknowledged.GetValueOrDefault(id) is { } text && stored.TryGetValue(id, out string? now))
                Assert.True(Version(now) > Version(text), $"document {id} went back from '{text}' to '{now}'");
        foreach (string id in different) acknowledged[id] = stored.GetValueOrDefault(id);

        Assert.Empty((await engine.VerifyAsync()).Problems);
        foreach ((string id, string text) in stored.Take(5))
            Assert.Equal(id, (await engine.SearchAsync(text, 1))[0].Id);
    }

    private static int Version(string text) => int.Parse(text.Split(' ')[^1], CultureInfo.InvariantCulture);

    private static bool IsWhole(string line) => line.Length > 0 && char.IsAsciiDigit(line[^1]) && line.Split(' ').Length >= 3;

    private static void Note(string line, Dictionary<string, string?> acknowledged)
    {
        string[] words = line.Split(' ');
        foreach (string id in words[2..])
            acknowledged[id] = words[0] == "del" ? null : WriterProcess.TextOf(id, int.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
