using System.Text;
using Sextant.Tests.Shared;

namespace Sextant.Sources.Tests;

/// <summary>What the tests of reading share: a folder, and files written into it byte for byte.</summary>
public abstract class SourceTest : IDisposable
{
    private readonly TempFolder _folder = new();

    protected string Folder => _folder.Path;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected string Write(string name, string text, Encoding? encoding = null)
    {
        Encoding written = encoding ?? new UTF8Encoding(false);
        return Write(name, [.. written.GetPreamble(), .. written.GetBytes(text)]);
    }

    protected string Write(string name, byte[] bytes)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    protected static async Task<List<SourceDocument>> ReadAsync(string source, SourceReaderOptions? options = null) =>
        await ReadAsync(new SourceReader(options), source);

    protected static async Task<List<SourceDocument>> ReadAsync(SourceReader reader, params string[] sources)
    {
        List<SourceDocument> documents = [];
        await foreach (SourceDocument document in reader.ReadAsync(sources))
            documents.Add(document);
        return documents;
    }

    protected static async Task<string> ErrorAsync(string source, SourceReaderOptions? options = null) =>
        (await Assert.ThrowsAsync<InputException>(() => ReadAsync(source, options))).Message;
}
