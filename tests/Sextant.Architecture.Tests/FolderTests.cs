namespace Sextant.Architecture.Tests;

/// <summary>A folder holds few enough files to be read at a glance.</summary>
public sealed class FolderTests
{
    private const int MaxFiles = 22;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void A_folder_has_at_most_22_files(string top) =>
        Assert.Empty(
            CodeTree
                .Files(top)
                .GroupBy(CodeTree.FolderOf)
                .Where(static folder => folder.Count() > MaxFiles)
                .Select(static folder => $"{folder.Key}: {folder.Count()} files, divide them by what they are for")
        );

    [Fact]
    public void A_test_project_is_named_after_the_project_that_it_tests() =>
        Assert.DoesNotContain(
            Directory
                .EnumerateDirectories(Path.Combine(CodeTree.Root, "tests"), "*.Tests")
                .Select(static folder => Path.GetFileName(folder)[..^".Tests".Length]),
            static name => name is not ("Sextant.Architecture" or "Sextant.Examples") && !SourceProject.All.ContainsKey(name)
        );
}
