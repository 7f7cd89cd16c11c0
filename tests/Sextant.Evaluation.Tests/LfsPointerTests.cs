using Sextant.Evaluation.Data;
using Sextant.Index.Interchange;
using Sextant.Models;
using Sextant.Models.Safetensors;
using Sextant.Sources;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;

namespace Sextant.Evaluation.Tests;

public sealed class LfsPointerTests : IDisposable
{
    private const string Pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize "
        + "12345\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("tokenizer.json")]
    [InlineData("config.json")]
    public async Task LFS_pointer_instead_of_a_model_is_an_error_with_the_fix(string name)
    {
        TinyModel.Write(_folder.Path);
        Require(Write(name), (await Assert.ThrowsAsync<InputException>(() => ModelRegistry.Default.OpenAsync(_folder.Path))).Message);
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("a.jsonl")]
    [InlineData("a.csv")]
    [InlineData("a.html")]
    [InlineData("a.parquet")]
    public async Task LFS_pointer_is_not_read_as_a_document(string name)
    {
        string path = Write(name);
        Require(
            path,
            (
                await Assert.ThrowsAsync<InputException>(async () =>
                    await new SourceReader(new SourceReaderOptions())
                        .ReadAsync([path], TestContext.Current.CancellationToken)
                        .ToListAsync(TestContext.Current.CancellationToken)
                )
            ).Message
        );
    }

    [Fact]
    public void LFS_pointers_instead_of_tasks_tensors_and_vectors_are_reported()
    {
        foreach (string name in (string[])["a.jsonl", "a.csv", "a.tsv"])
        {
            string path = Write(name);
            Require(path, Assert.Throws<InputException>(() => TaskFinder.Find(path, null)).Message);
        }

        string tensors = Write("a.safetensors"),
            vectors = Write("a.npy");
        Require(tensors, Assert.Throws<InputException>(() => SafetensorsFile.Open(tensors)).Message);
        Require(vectors, Assert.Throws<InputException>(() => NpyFile.Read(vectors)).Message);
    }

    private static void Require(string path, string message)
    {
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains("git lfs pull", message, StringComparison.Ordinal);
    }

    private string Write(string name)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, Pointer);
        return path;
    }
}
