using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search;

public sealed class CollectionLocationTests
{
    [Fact]
    public async Task Unknown_location_is_rejected_without_repeating_a_possible_password()
    {
        InputException refusal = await Assert.ThrowsAsync<InputException>(() =>
            SemanticSearchEngine.OpenAsync("mongo://me:s3cret@host/db#docs", WordModel.Options())
        );

        Assert.Contains("mongo://", refusal.Message);
        Assert.DoesNotContain("s3cret", refusal.Message);
        Assert.False(Directory.Exists("mongo:"));
    }

    [Fact]
    public async Task Folder_is_a_collection_after_creation()
    {
        using TempFolder folder = new();
        string path = folder.File("c.sextant");
        Assert.False(await SemanticSearchEngine.ExistsAsync(path));

        await using (await SemanticSearchEngine.CreateAsync(path, WordModel.Options())) { }

        Assert.True(await SemanticSearchEngine.ExistsAsync(path));
        await Assert.ThrowsAsync<InputException>(() => SemanticSearchEngine.CreateAsync(path, WordModel.Options()));
    }
}
