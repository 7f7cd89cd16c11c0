using System.Text;

namespace Sextant.Sources.Tests;

public sealed class SourceReaderTests : SourceTest
{
    [Fact]
    public async Task Folder_is_read_in_ordinal_order_without_hidden_or_unknown_files()
    {
        Write("b.txt", "second");
        Write("a/z.txt", "first");
        Write("a.txt", "before the folder");
        Write("B.txt", "capitals come first");
        Write(".hidden.txt", "no");
        Write(".git/config.txt", "no");
        Write("picture.png", "no");
        SourceReader reader = new();

        List<SourceDocument> documents = await ReadAsync(reader, Folder);

        Assert.Equal(["capitals come first", "before the folder", "first", "second"], documents.Select(d => d.Text));
        Assert.Equal(2, reader.IgnoredFiles);
    }

    [Fact]
    public async Task Circular_folder_links_are_not_followed()
    {
        Write("sub/a.txt", "once");
        Directory.CreateSymbolicLink(Path.Combine(Folder, "sub", "loop"), Folder);

        Assert.Equal("once", Assert.Single(await ReadAsync(Folder)).Text);
    }

    [Fact]
    public async Task Missing_or_unsupported_source_is_an_error_with_the_fix()
    {
        Assert.Contains("no such file or folder", await ErrorAsync(Path.Combine(Folder, "nothing.txt")), StringComparison.Ordinal);
        string error = await ErrorAsync(Write("a.zip", "x"));
        Assert.Contains("a.zip", error, StringComparison.Ordinal);
        Assert.Contains(".jsonl", error, StringComparison.Ordinal);
        Assert.Contains("a source is empty", await ErrorAsync(""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    public async Task Text_is_decoded_as_UTF_8_or_by_its_BOM(string name, bool mark)
    {
        Encoding encoding = mark ? Encoding.GetEncoding(name) : new UTF8Encoding(false);
        string source = Write("a.jsonl", "{\"text\":\"Grüße, 世界 🦊\"}\n", encoding);

        Assert.Equal("Grüße, 世界 🦊", Assert.Single(await ReadAsync(source)).Text);
    }

    [Theory]
    [InlineData("a.txt", "one\n\ntwo\n\n")]
    [InlineData("a.jsonl", "{\"text\":\"one\"}\n\n\n\n")]
    [InlineData("a.csv", "text\none\ntwo\nthree\n")]
    public async Task Invalid_UTF_8_is_reported_with_the_line_or_skipped_and_counted(string name, string before)
    {
        string source = Write(name, [.. Encoding.UTF8.GetBytes(before), (byte)'"', 0xC3, 0x28, (byte)'"', (byte)'\n']);

        string error = await ErrorAsync(source);
        Assert.Contains($"{source}:5: bytes that are not UTF-8", error, StringComparison.Ordinal);
        Assert.EndsWith("; such rows can be skipped", error, StringComparison.Ordinal);
        Assert.DoesNotContain("--", error, StringComparison.Ordinal);

        SourceReader reader = new(new() { SkipBad = true });
        Assert.NotEmpty(await ReadAsync(reader, source));
        Assert.Equal(1, reader.SkippedRows);
    }

    [Fact]
    public async Task Unreadable_file_is_an_error_and_can_be_skipped_in_a_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "permissions do not stop this user");
        Write("a.txt", "open");
        string closed = Write("b.txt", "closed");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(closed, UnixFileMode.None);

        Assert.Contains("cannot be opened", await ErrorAsync(Folder), StringComparison.Ordinal);
        SourceReader reader = new(new() { SkipBad = true });
        Assert.Single(await ReadAsync(reader, Folder));
        Assert.Equal(1, reader.SkippedRows);
        Assert.Contains("cannot be opened", await ErrorAsync(closed, new() { SkipBad = true }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".txt")]
    [InlineData(".md")]
    [InlineData(".html")]
    [InlineData(".csv")]
    [InlineData(".tsv")]
    [InlineData(".jsonl")]
    public async Task Empty_file_has_no_documents(string extension)
    {
        Assert.Empty(await ReadAsync(Write("empty" + extension, "")));
        Assert.Empty(await ReadAsync(Write("blank" + extension, "\n\n")));
    }

    [Fact]
    public async Task Standard_input_is_JSON_Lines_if_it_starts_with_an_object_and_text_lines_otherwise()
    {
        Assert.Equal(["one", "two"], (await Input("\n{\"text\":\"one\"}\n{\"text\":\"two\"}")).Select(d => d.Text));
        Assert.Equal(["one", "two {"], (await Input("one\r\n\r\ntwo {")).Select(d => d.Text));
        Assert.Empty(await Input(""));

        static Task<List<SourceDocument>> Input(string text) =>
            ReadAsync(new SourceReader { OpenStandardInput = () => new MemoryStream(Encoding.UTF8.GetBytes(text)) }, "-");
    }

    [Fact]
    public async Task Waiting_for_input_can_be_canceled()
    {
        using CancellationTokenSource stop = new();
        using Silence silence = new(stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            SourceReader reader = new() { OpenStandardInput = () => silence };
            await foreach (SourceDocument _ in reader.ReadAsync(["-"], stop.Token)) { }
        });
    }

    /// <summary>Input that never comes: the reading is stopped once it waits.</summary>
    private sealed class Silence(CancellationTokenSource stop) : MemoryStream
    {
        private readonly ManualResetEventSlim _end = new();

        public override int Read(byte[] buffer, int offset, int count) => Wait();

        public override int Read(Span<byte> buffer) => Wait();

        protected override void Dispose(bool disposing)
        {
            _end.Set();
            base.Dispose(disposing);
        }

        private int Wait()
        {
            stop.Cancel();
            _end.Wait();
            return 0;
        }
    }
}
