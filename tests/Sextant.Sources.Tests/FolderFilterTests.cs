using System.Diagnostics;

namespace Sextant.Sources.Tests;

/// <summary>Which files of a folder are read. What .gitignore files name is asked of git itself.</summary>
public sealed class FolderFilterTests : SourceTest
{
    [Fact]
    public async Task Globs_include_files_and_exclude_folders()
    {
        foreach (string name in (string[])["a.md", "b.txt", "docs/c.md", "docs/old/d.md", "src/e.md"])
            Write(name, name);

        Assert.Equal(["a.md", "docs/c.md", "docs/old/d.md", "src/e.md"], await NamesAsync(new() { Include = ["*.md"] }));
        Assert.Equal(["docs/c.md"], await NamesAsync(new() { Include = ["docs/*.md"] }));
        Assert.Equal(["a.md", "docs/c.md", "src/e.md"], await NamesAsync(new() { Include = ["**/*.md"], Exclude = ["old"] }));
        Assert.Equal(["a.md", "b.txt"], await NamesAsync(new() { Exclude = ["docs", "src/**"] }));
    }

    [Fact]
    public async Task Gitignored_files_are_skipped_like_git_does()
    {
        string[] files =
        [
            "a.txt",
            "build/a.txt",
            "sub/build/a.txt",
            "sub/keep.txt",
            "sub/drop.txt",
            "logs/x.txt",
            "logs/important.txt",
            "deep/er/temp1.txt",
            "deep/temp.md",
            "notes/draft.md",
            "notes/final.md",
            "sub/rooted.txt",
            "rooted.txt",
            "foo/bar/x.md",
            "foo/y/bar/x.md",
            "a b/space.txt",
        ];
        foreach (string name in files)
            Write(name, name);
        Write(".gitignore", "build/\n*.log\ntemp?.txt\n/rooted.txt\nlogs/*\n!logs/important.txt\nfoo/**/bar\n# comment\na\\ b/\n");
        Write("sub/.gitignore", "drop.txt\n!build/\n");
        Write("notes/.gitignore", "*.md\n!final.md\n");
        Git("init", "-q");
        string[] expected = [.. files.Where(name => Git("check-ignore", "-q", "--no-index", name) != 0).Order(StringComparer.Ordinal)];

        Assert.NotEqual(files.Length, expected.Length);
        Assert.Equal(expected, await NamesAsync(new() { UseGitIgnore = true }));
        Assert.Equal(files.Length, (await NamesAsync(new())).Count);
    }

    private async Task<List<string>> NamesAsync(SourceReaderOptions options) =>
        [
            .. (await ReadAsync(new SourceReader(options), Folder))
                .Select(document => Path.GetRelativePath(Folder, document.Source))
                .Order(StringComparer.Ordinal),
        ];

    private int Git(params string[] arguments)
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Folder })!;
            git.WaitForExit();
            return git.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("git is not installed");
            return 0;
        }
    }
}
