using System.ComponentModel;
using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Tests.Shared;
using Sextant.Tokenizers;

namespace Sextant.NuGetModels.Tests;

/// <summary>The real models compared with @huggingface/transformers on texts of this repository.</summary>
public sealed class ReferenceParityTests(RealModels models) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("all-MiniLM-L6-v2", 1_000)]
    [InlineData("snowflake-arctic-embed-xs", 250)]
    public async Task Vectors_of_many_texts_match_the_reference(string name, int count)
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await models.OpenAsync(name);
        string[] texts = RepositoryTexts(count, model.GetService<ITokenCounter>()!, model.GetService<ModelProfile>()!.MaxTokens!.Value);
        ReadOnlyMemory<float> expected = await ReferenceAsync(name, texts);
        GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync(
            texts,
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(count, vectors.Count);
        Assert.Equal(count * 384, expected.Length);
        (float Cosine, string Text) worst = vectors
            .Select((vector, i) => (TensorPrimitives.CosineSimilarity(vector.Vector.Span, expected.Slice(i * 384, 384).Span), texts[i]))
            .MinBy(static pair => pair.Item1);
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: the lowest cosine is {worst.Cosine:F8}");
        Assert.True(worst.Cosine >= 0.99999f, $"cosine {worst.Cosine:F8}: {worst.Text}");
    }

    // The records of the examples and the paragraphs of the documentation, evenly thinned. A text beyond the limit is left out:
    // it is cut at the end of a word here, and within a word by the reference.
    private static string[] RepositoryTexts(int count, ITokenCounter tokens, int limit)
    {
        string root = Path.GetFullPath(Path.Combine(RealPackages.ProjectFolder, "..", ".."));
        IEnumerable<string> records = Directory
            .GetFiles(Path.Combine(root, "examples"), "*.jsonl")
            .Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)
            .Where(static line => line.Length > 0)
            .SelectMany(static line => JsonDocument.Parse(line).RootElement.EnumerateObject())
            .Where(static field => field.Name is "text" or "question" or "answer")
            .Select(static field => field.Value.GetString()!);
        IEnumerable<string> paragraphs = Directory
            .GetFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(static file => File.ReadAllText(file).ReplaceLineEndings("\n").Split("\n\n"));
        string[] all =
        [
            .. records
                .Concat(paragraphs)
                .Select(static text => text.Trim())
                .Where(static text => text.Length > 0)
                .Distinct()
                .Where(text => tokens.Count(text) <= limit),
        ];
        Assert.True(all.Length >= count, $"the repository has {all.Length} texts only");
        return [.. Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Length / count)])];
    }

    private async Task<ReadOnlyMemory<float>> ReferenceAsync(string name, string[] texts)
    {
        string npm = Path.Combine(RealPackages.ProjectFolder, "npm"),
            output = _folder.File("vectors.bin"),
            input = _folder.File("texts.json");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(npm, "node_modules", "@huggingface", "transformers")),
            "@huggingface/transformers is not installed: run npm ci in tests/Sextant.NuGetModels.Tests/npm"
        );
        await File.WriteAllTextAsync(input, JsonSerializer.Serialize(texts));
        using Process? node = Start([Path.Combine(npm, "vectors.mjs"), name, await models.FolderAsync(name), input, output]);
        Assert.SkipWhen(node is null, "Node.js is not installed");
        try
        {
            string errors = await node!.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
            await node.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
            Assert.True(node.ExitCode == 0, errors);
        }
        finally
        {
            node!.Kill();
        }

        return MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(output)).ToArray();
    }

    private static Process? Start(string[] arguments)
    {
        try
        {
            return Process.Start(
                new ProcessStartInfo("node", ["--no-warnings", .. arguments]) { UseShellExecute = false, RedirectStandardError = true }
            );
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
