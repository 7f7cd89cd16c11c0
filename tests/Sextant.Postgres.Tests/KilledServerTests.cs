using System.Diagnostics;
using Sextant.Sources;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Postgres.Tests;

public sealed class KilledServerTests
{
    private const int Documents = 400;

    [Fact]
    public async Task Killed_server_loses_no_acknowledged_write_and_the_run_resumes()
    {
        using TempFolder folder = new();
        string data = folder.File("data"),
            file = folder.File("texts.txt");
        (Process? server, int port, string whyNot) = await NodePostgres.StartAsync(0, data);
        if (server is null)
            Assert.Skip(whyNot);
        try
        {
            await File.WriteAllLinesAsync(file, Enumerable.Range(0, Documents).Select(i => $"text number{i}"));
            SemanticSearchEngineOptions options = WordModel.Options() with { CollectionProviders = [new PostgresProvider()] };
            CollectionIndexerOptions lines = new()
            {
                ChunkTokens = 0,
                BatchSize = 10,
                Reader = new() { PlainText = Sextant.Sources.PlainTextUnit.Line },
            };
            await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync($"{NodePostgres.Location(port)}#docs", options);
            Watch watch = new(Documents / 2);
            Task<IndexingResult> run = new CollectionIndexer(engine, lines).IndexAsync([file], watch);
            await Task.WhenAny(run, watch.Reached);
            Assert.False(run.IsCompleted);
            long acknowledged = await watch.Reached;
            server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
            (server, _, _) = await NodePostgres.StartAsync(port, data);

            // The run waits for the server, unless the machine is so busy that the timeout ends first; then the next run resumes.
            await Task.WhenAny(run);
            IndexingResult next = await new CollectionIndexer(engine, lines).IndexAsync([file]);

            Assert.Equal(Documents, next.Total);
            Assert.Equal(Documents, next.Added + next.Skipped);
            Assert.InRange(next.Skipped, acknowledged, Documents);
            Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
        }
        finally
        {
            server!.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
        }
    }

    /// <summary>Signals when this many documents are stored.</summary>
    private sealed class Watch(long enough) : IProgress<IndexingProgress>
    {
        private readonly TaskCompletionSource<long> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<long> Reached => _reached.Task;

        public void Report(IndexingProgress value)
        {
            if (value.Indexed >= enough)
                _reached.TrySetResult(value.Indexed);
        }
    }
}
