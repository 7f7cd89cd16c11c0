using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search;

public sealed class CollectionLocationTests
{
    [Fact]
    public async Task A_location_that_nobody_knows_is_refused_without_repeating_what_may_be_a_password()
    {
        InputException refusal = await Assert.ThrowsAsync<InputException>(() =>
            SemanticSearchEngine.OpenAsync("mongo://me:s3cret@host/db#docs", WordModel.Options())
        );

        Assert.Contains("mongo://", refusal.Message);
        Assert.DoesNotContain("s3cret", refusal.Message);
        Assert.False(Directory.Exists("mongo:"));
    }

    [Fact]
    public async Task A_folder_exists_as_a_collection_once_it_is_made()
    {
        using TempFolder folder = new();
        string path = folder.File("c.sextant");
        Assert.False(await SemanticSearchEngine.ExistsAsync(path));

        await using (await SemanticSearchEngine.CreateAsync(path, WordModel.Options())) { }

        Assert.True(await SemanticSearchEngine.ExistsAsync(path));
        await Assert.ThrowsAsync<InputException>(() => SemanticSearchEngine.CreateAsync(path, WordModel.Options()));
    }
}
