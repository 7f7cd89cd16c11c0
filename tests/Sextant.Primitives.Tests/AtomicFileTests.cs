using Sextant.Tests.Shared;

namespace Sextant.Primitives.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string FilePath => _folder.File("a/b.txt");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_appears_whole_with_the_folder_around_it_and_takes_the_place_of_another()
    {
        AtomicFile.Write(FilePath, stream => stream.Write("old"u8));
        await AtomicFile.WriteAsync(
            FilePath,
            async stream => await stream.WriteAsync("new"u8.ToArray(), TestContext.Current.CancellationToken)
        );
        using (AtomicFile file = AtomicFile.Create(FilePath))
        {
            file.Stream.Write("newest"u8);
            Assert.Equal("new", await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken));
            file.Complete();
        }

        Assert.Equal("newest", await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_what_was_there_and_nothing_else()
    {
        AtomicFile.Write(FilePath, stream => stream.Write("old"u8));
        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(
                FilePath,
                stream =>
                {
                    stream.Write("half"u8);
                    throw new InvalidOperationException();
                }
            )
        );
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            AtomicFile.WriteAsync(FilePath, _ => throw new OperationCanceledException())
        );
        AtomicFile.Create(FilePath).Dispose();
        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.CreateEntry(
                FilePath,
                temporary =>
                {
                    File.WriteAllText(temporary, "half");
                    File.WriteAllText(temporary + "-wal", "half");
                    throw new InvalidOperationException();
                }
            )
        );
        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.CreateEntry(
                FilePath,
                temporary =>
                {
                    Directory.CreateDirectory(Path.Combine(temporary, "part"));
                    throw new InvalidOperationException();
                }
            )
        );

        Assert.Equal("old", await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public void An_error_names_the_file_that_was_asked_for()
    {
        IOException missing = Assert.ThrowsAny<IOException>(() => AtomicFile.Create(FilePath));
        Assert.StartsWith($"{FilePath} cannot be written: ", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", missing.Message, StringComparison.Ordinal);

        AtomicFile.Write(FilePath, static _ => { });
        Assert.ThrowsAny<IOException>(() =>
            AtomicFile.CreateEntry(FilePath, temporary => File.WriteAllText(temporary, ""), overwrite: false)
        );
    }
}
