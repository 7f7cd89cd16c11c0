using System.Text;
using Sextant.Search;
using Sextant.Sources.Formats;

namespace Sextant.Sources.Tests.Formats;

public sealed class SourceIdsTests
{
    [Fact]
    public void Ids_of_long_paths_and_headings_are_valid_and_distinct()
    {
        SourceIds ids = new(new string('d', 4_000) + "/a.md");
        string[] made = [ids.OfSection("One"), ids.OfSection("Two"), ids.OfSection("One"), ids.OfText("text"), ids.OfText("text")];

        Assert.Equal(made.Length, made.Distinct().Count());
        Assert.All(made, id => Assert.Null(DocumentId.FindFault(id + "#1000000")));
        Assert.Equal(made[0], new SourceIds(new string('d', 4_000) + "/a.md").OfSection("One"));
        Assert.True(Encoding.UTF8.GetByteCount(new SourceIds("a.md").OfSection(new('é', 5_000))) <= DocumentId.MaxBytes);
    }
}
