using System.Diagnostics;
using System.Globalization;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

public sealed class SeveralProcessesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Collection => _folder.File("docs.sextant");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Second_process_can_read_and_its_error_names_the_writer()
    {
        using Process writer = WriterProcess.Start(Collection, seed: 3);
        string first = (await writer.StandardOutput.ReadLineAsync())!;
        await using SemanticSearchEngine reader = await SemanticSearchEngine.OpenAsync(Collection, WordModel.Options());

        // New documents are seen without opening again.
        string line = first;
        for (int i = 0; i < 40 || !line.StartsWith("put", StringComparison.Ordinal); i++)
            line = (await writer.StandardOutput.ReadLineAsync())!;
        string text = WriterProcess.TextOf(line.Split(' ')[2], int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        Assert.NotEmpty(await reader.SearchAsync(text, 5));

        CollectionBusyException error = await Assert.ThrowsAsync<CollectionBusyException>(() => reader.AddDocumentsAsync(["mine"]));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {writer.Id}"), error.Message, StringComparison.Ordinal);

        writer.StandardInput.Close();
        await writer.StandardOutput.ReadToEndAsync();
        await writer.WaitForExitAsync();
        Assert.Equal(0, writer.ExitCode);

        // The right to write is free again, and nothing of either is lost.
        await reader.AddDocumentsAsync(["mine"]);
        Assert.Equal("mine", (await reader.SearchAsync("mine", 1))[0].Text);
        Assert.Empty((await reader.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Reader_sees_changes_and_compaction_by_another_engine()
    {
        await using SemanticSearchEngine writer = await SemanticSearchEngine.OpenAsync(Collection, OfAnotherProcess);
        await writer.AddDocumentsAsync([new Document("alpha") { Id = "a" }, new Document("beta") { Id = "b" }]);
        await using SemanticSearchEngine reader = await SemanticSearchEngine.OpenAsync(Collection, OfAnotherProcess);
        SearchOptions filter = new() { Filter = "kind = 'new'" };
        Assert.Empty(await reader.SearchAsync("gamma", 5, filter));

        await writer.AddDocumentsAsync([
            new Document("gamma")
            {
                Id = "c",
                Metadata = new() { ["kind"] = "new" },
            },
        ]);
        Assert.Equal("c", (await reader.SearchAsync("gamma", 5, filter)).Single().Id);

        await writer.AddDocumentsAsync([new Document("delta") { Id = "a" }]);
        Assert.Equal("a", (await reader.SearchAsync("delta", 1))[0].Id);

        await writer.DeleteAsync("b");
        await writer.Maintenance.CompactAsync();
        Assert.Equal(["a", "c"], (await reader.SearchAsync("anything", 5)).Select(h => h.Id).Order(StringComparer.Ordinal));
    }

    private static SemanticSearchEngineOptions OfAnotherProcess => WordModel.Options() with { IsUnshared = true };
}
