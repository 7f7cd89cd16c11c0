namespace Sextant.Sources.Tests;

public sealed class StableIdsTests : SourceTest
{
    [Fact]
    public async Task Reading_again_gives_the_same_ids()
    {
        Write("a.txt", "one\n\ntwo\n\none");
        Write("b.md", "# A\n\ntext\n\n## B\n\nmore");
        Write("c.csv", "text,n\nx,1\nx,1\ny,2\n");
        Write("d.html", "<h1>A</h1><p>x");

        string[] ids = [.. (await ReadAsync(Folder)).Select(d => d.Id)];

        Assert.Equal(ids, (await ReadAsync(Folder)).Select(d => d.Id));
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(9, ids.Length);
    }

    [Fact]
    public async Task A_row_put_on_top_changes_no_other_id_and_the_same_row_twice_has_two()
    {
        string source = Write("a.csv", "text,n\nx,1\ny,2\nx,1\n");
        string[] before = [.. (await ReadAsync(source)).Select(d => d.Id)];
        Write("a.csv", "text,n\nnew,0\nx,1\ny,2\nx,1\n");

        Assert.Equal(before, (await ReadAsync(source)).Skip(1).Select(d => d.Id));
        Assert.Equal(3, before.Distinct().Count());
    }

    [Fact]
    public async Task A_change_in_one_section_changes_only_that_section()
    {
        string source = Write("a.md", "# A\n\nText of a.\n\n## B\n\nText of b.\n\n## C\n\nText of c.\n");
        List<SourceDocument> before = await ReadAsync(source);
        Write("a.md", "# A\n\nText of a.\n\n## B\n\nMuch longer text.\n\nIn several paragraphs.\n\n## C\n\nText of c.\n");

        List<SourceDocument> after = await ReadAsync(source);

        Assert.Equal(before.Select(d => d.Id), after.Select(d => d.Id));
        Assert.Equal([true, false, true], before.Zip(after, (a, b) => a.Text == b.Text));
    }

    [Fact]
    public async Task Two_spellings_of_a_path_are_one()
    {
        string source = Write("sub/a.txt", "x");
        string other = Path.Combine(Folder, "sub") + "//a.txt";

        Assert.Equal((await ReadAsync(source))[0].Id, (await ReadAsync(other))[0].Id);
    }
}
