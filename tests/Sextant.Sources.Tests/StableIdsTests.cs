namespace Sextant.Sources.Tests;

public sealed class StableIdsTests : SourceTest
{
    [Fact]
    public async Task Ids_are_stable_across_reads()
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
    public async Task Inserted_row_changes_no_other_id_and_equal_rows_have_distinct_ids()
    {
        string source = Write("a.csv", "text,n\nx,1\ny,2\nx,1\n");
        string[] before = [.. (await ReadAsync(source)).Select(d => d.Id)];
        Write("a.csv", "text,n\nnew,0\nx,1\ny,2\nx,1\n");

        Assert.Equal(before, (await ReadAsync(source)).Skip(1).Select(d => d.Id));
        Assert.Equal(3, before.Distinct().Count());
    }

    [Fact]
    public async Task Edited_section_changes_only_its_own_id()
    {
        string source = Write("a.md", "# A\n\nText of a.\n\n## B\n\nText of b.\n\n## C\n\nText of c.\n");
        List<SourceDocument> before = await ReadAsync(source);
        Write("a.md", "# A\n\nText of a.\n\n## B\n\nMuch longer text.\n\nIn several paragraphs.\n\n## C\n\nText of c.\n");

        List<SourceDocument> after = await ReadAsync(source);

        Assert.Equal(before.Select(d => d.Id), after.Select(d => d.Id));
        Assert.Equal([true, false, true], before.Zip(after, (a, b) => a.Text == b.Text));
    }

    [Fact]
    public async Task Equivalent_paths_give_equal_ids()
    {
        string source = Write("sub/a.txt", "x");
        string other = Path.Combine(Folder, "sub") + "//a.txt";

        Assert.Equal((await ReadAsync(source))[0].Id, (await ReadAsync(other))[0].Id);
    }
}
