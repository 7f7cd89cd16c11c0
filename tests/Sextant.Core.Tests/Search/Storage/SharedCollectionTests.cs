using Sextant.Search.Storage;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>Several engines of one folder in one process.</summary>
public sealed class SharedCollectionTests : IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly TempFolder _folder = new();

    private string Collection => _folder.File("docs.sextant");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_engine_of_a_folder_can_write_and_finds_what_the_others_wrote()
    {
        await using SemanticSearchEngine one = await OpenAsync(),
            two = await OpenAsync();

        await one.AddDocumentsAsync([Named("alpha")], Ct);
        await two.AddDocumentsAsync([Named("beta")], Ct);
        await one.DeleteAsync("beta", Ct);
        await one.AddDocumentsAsync([Named("gamma")], Ct);

        Assert.Equal("gamma", (await two.SearchAsync("gamma", 1, cancellationToken: Ct))[0].Id);
        Assert.Equal(2, await two.CountAsync(Ct));
        Assert.Same(one.Store, two.Store);
    }

    [Fact]
    public async Task The_last_engine_that_is_disposed_closes_the_collection()
    {
        SemanticSearchEngine one = await OpenAsync(),
            two = await OpenAsync();
        await one.AddDocumentsAsync([Named("alpha")], Ct);

        await one.DisposeAsync();
        await one.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => one.CountAsync(Ct));
        await two.AddDocumentsAsync([Named("beta")], Ct);
        Assert.Throws<CollectionBusyException>(() => CollectionMaintenance.ThrowIfBusy(Collection));

        await two.DisposeAsync();
        CollectionMaintenance.ThrowIfBusy(Collection);
        await using SemanticSearchEngine three = await OpenAsync();
        Assert.NotSame(two.Store, three.Store);
        Assert.Equal(2, await three.CountAsync(Ct));
    }

    [Fact]
    public async Task Other_paths_to_the_same_folder_share_its_engine()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the system does not number its files");
        await using SemanticSearchEngine one = await OpenAsync();
        string link = _folder.File("link");
        Directory.CreateSymbolicLink(link, Collection);
        await using SemanticSearchEngine two = await SemanticSearchEngine.OpenAsync(link, WordModel.Options(), Ct);

        await one.AddDocumentsAsync([Named("alpha")], Ct);
        await two.AddDocumentsAsync([Named("beta")], Ct);

        Assert.Same(one.Store, two.Store);
        Assert.Equal(2, await one.CountAsync(Ct));
    }

    [Fact]
    public async Task Engine_with_another_model_is_rejected_and_the_open_one_is_unaffected()
    {
        await using SemanticSearchEngine one = await OpenAsync();

        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            SemanticSearchEngine.OpenAsync(Collection, WordModel.Options(WordModel.Create("others")), Ct)
        );

        Assert.Contains("words", error.Message, StringComparison.Ordinal);
        Assert.Contains("others", error.Message, StringComparison.Ordinal);
        await one.AddDocumentsAsync([Named("alpha")], Ct);
    }

    [Fact]
    public async Task Read_only_engine_sees_the_writes_of_a_writing_one_and_makes_none()
    {
        await using SemanticSearchEngine writer = await OpenAsync();
        await using SemanticSearchEngine reader = await SemanticSearchEngine.OpenAsync(
            Collection,
            WordModel.Options() with
            {
                ReadOnly = true,
            },
            Ct
        );

        await writer.AddDocumentsAsync([Named("alpha")], Ct);

        Assert.Equal("alpha", (await reader.SearchAsync("alpha", 1, cancellationToken: Ct))[0].Id);
        await Assert.ThrowsAsync<CollectionReadOnlyException>(() => reader.AddDocumentsAsync([Named("beta")], Ct));
        Assert.NotSame(writer.Store, reader.Store);
    }

    [Fact]
    public async Task A_collection_that_is_deleted_and_made_again_is_used_by_the_engines_that_were_open()
    {
        await using SemanticSearchEngine one = await OpenAsync();
        await one.AddDocumentsAsync([Named("alpha")], Ct);

        await using (CollectionLocation location = CollectionLocation.Resolve(Collection, []))
            await location.DeleteAsync(Ct);
        await Assert.ThrowsAsync<CollectionRemovedException>(() => one.CountAsync(Ct));

        await using SemanticSearchEngine two = await OpenAsync();
        await two.AddDocumentsAsync([Named("beta")], Ct);
        await one.AddDocumentsAsync([Named("gamma")], Ct);
        Assert.Equal(
            ["beta", "gamma"],
            (await one.SearchAsync("beta", 9, cancellationToken: Ct)).Select(hit => hit.Id).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_collection_that_is_made_again_with_another_model_is_opened_with_it()
    {
        await using SemanticSearchEngine one = await OpenAsync();
        await one.AddDocumentsAsync([Named("alpha")], Ct);
        await using (CollectionLocation location = CollectionLocation.Resolve(Collection, []))
            await location.DeleteAsync(Ct);

        await using SemanticSearchEngine two = await SemanticSearchEngine.OpenAsync(
            Collection,
            WordModel.Options(WordModel.Create("others")),
            Ct
        );

        Assert.Equal("others", two.Model.Name);
        await two.AddDocumentsAsync([Named("beta")], Ct);
    }

    [Fact]
    public async Task Engines_that_open_and_close_at_the_same_time_lose_nothing()
    {
        const int Engines = 24;
        await Parallel.ForAsync(
            0,
            Engines,
            new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Ct },
            async (number, ct) =>
            {
                await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(Collection, WordModel.Options(), ct);
                await engine.AddDocumentsAsync([Named($"word{number}")], ct);
            }
        );

        await using SemanticSearchEngine all = await OpenAsync();
        Assert.Equal(Engines, await all.CountAsync(Ct));
    }

    [Fact]
    public async Task An_opening_that_is_canceled_does_not_fail_the_others()
    {
        await using SemanticSearchEngine made = await OpenAsync();
        using CancellationTokenSource canceled = new();
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            SemanticSearchEngine.OpenAsync(Collection, WordModel.Options(), canceled.Token)
        );
        await made.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            SemanticSearchEngine.OpenAsync(Collection, WordModel.Options(), canceled.Token)
        );
        await using SemanticSearchEngine again = await OpenAsync();
        await again.AddDocumentsAsync([Named("alpha")], Ct);
    }

    private static Document Named(string text) => new(text) { Id = text };

    private Task<SemanticSearchEngine> OpenAsync() => SemanticSearchEngine.OpenAsync(Collection, WordModel.Options(), Ct);
}
