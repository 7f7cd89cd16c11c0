using Sextant.Tests.Shared;

namespace Sextant.Primitives.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string FilePath => _folder.File("a/b.txt");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task File_is_written_atomically_with_its_folder_and_replaces_another()
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
    public async Task Failed_write_keeps_the_old_file_and_leaves_nothing_else()
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
    public void Error_names_the_requested_file()
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
