using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sextant.Index.Interchange;
using Sextant.Numerics;
using Sextant.Sources.Transfer;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Index;
using Sextant.Tests.Shared.Search;

namespace Sextant.Sources.Tests.Transfer;

public sealed class CollectionTransferTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("out.jsonl", false)]
    [InlineData("out.parquet", false)]
    [InlineData("out.npy", true)]
    [InlineData("out.fvecs", true)]
    [InlineData("out.faiss", true)]
    public async Task Collection_round_trips_through_every_format(string name, bool texts)
    {
        await using SemanticSearchEngine original = await FilledAsync();
        string file = _folder.File(name),
            textsFile = _folder.File("texts.jsonl");
        ExportResult written = await CollectionExport.RunAsync(original, file, new() { TextsFile = texts ? textsFile : null });
        ImportResult read = await CollectionImport.RunAsync(
            file,
            _folder.File("back"),
            new() { TextsFile = texts ? textsFile : null, Engine = WordModel.Options() }
        );

        Assert.Equal((3, 3, true), (written.Documents, read.Added, written.HasIds));
        Assert.Equal(name == "out.faiss", read.KeptGraph);
        await using SemanticSearchEngine back = await SemanticSearchEngine.OpenAsync(_folder.File("back"), WordModel.Options());
        Assert.Empty((await back.Maintenance.VerifyAsync()).Problems);
        foreach (string id in (string[])["a", "b", "ö/3"])
        {
            Document before = (await original.GetAsync(id))!,
                after = (await back.GetAsync(id))!;
            Assert.Equal(before.Text, after.Text);
            Assert.Equal(before.Metadata!.ToJsonString(), after.Metadata!.ToJsonString());
            Assert.All(
                before.Vector!.Value.ToArray().Zip(after.Vector!.Value.ToArray()),
                pair => Assert.Equal(pair.First, pair.Second, 1e-6f)
            );
        }

        Assert.Equal("b", (await back.SearchAsync("green tea", 1))[0].Id);
    }

    [Fact]
    public async Task Ground_truth_neighbors_are_written_as_integers_and_read_as_vectors()
    {
        string file = _folder.File("nearest.ivecs"),
            texts = _folder.File("texts.jsonl");
        await using SemanticSearchEngine engine = await VectorsAsync([1, 0, 0, 1, 0.8f, 0.6f, 0.6f, 0.8f], 2, id => $"doc-{id}");
        ExportResult written = await CollectionExport.RunAsync(engine, file, new() { TextsFile = texts });

        Assert.Equal((4, InterchangeFormat.Ivecs, true), (written.Documents, written.Format, written.HasIds));
        (int width, int[] values) = FvecsFile.ReadInt32(file);
        Assert.Equal(3, width);
        int[] expected = [2, 3, 1, 3, 2, 0, 3, 0, 1, 2, 1, 0];
        Assert.Equal(expected, values);
        Assert.Equal("doc-2", JsonNode.Parse(File.ReadLines(texts).ElementAt(2))!["id"]!.GetValue<string>());

        string whole = _folder.File("whole.ivecs");
        FvecsFile.WriteInt32(whole, 2, new[] { 3, 4, -1, 0 });
        await CollectionImport.RunAsync(whole, _folder.File("whole"));
        await using SemanticSearchEngine back = await SemanticSearchEngine.OpenAsync(_folder.File("whole"));
        float[] read = (await back.GetAsync("0"))!.Vector!.Value.ToArray();
        Assert.Equal([3, 4], read);
        InputException alone = await Assert.ThrowsAsync<InputException>(async () =>
        {
            await back.DeleteAsync("1");
            await CollectionExport.RunAsync(back, file);
        });
        Assert.Contains("no neighbors", alone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_import_changes_nothing_and_new_vectors_for_the_same_texts_replace_the_old()
    {
        string file = _folder.File("v.npy");
        CollectionImportOptions options = new();
        NpyFile.Write(file, new(2, new float[] { 1, 0, 0, 1 }));
        await CollectionImport.RunAsync(file, _folder.File("c"), options);
        Assert.Equal((0, 0, 2), Counts(await CollectionImport.RunAsync(file, _folder.File("c"), options)));
        NpyFile.Write(file, new(2, new float[] { 1, 0, 1, 0 }));
        Assert.Equal((0, 1, 1), Counts(await CollectionImport.RunAsync(file, _folder.File("c"), options)));

        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("c"));
        Assert.Equal([1, 1], (await engine.SearchAsync(new float[] { 1, 0 })).Select(hit => hit.Score));
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);

        static (long, long, long) Counts(ImportResult result) => (result.Added, result.Updated, result.Unchanged);
    }

    [Theory]
    [InlineData("v.npy", float.NaN)]
    [InlineData("v.fvecs", float.PositiveInfinity)]
    public async Task Nonfinite_value_is_an_error_with_file_and_row(string name, float value)
    {
        string file = _folder.File(name);
        VectorTable table = new(2, new float[] { 1, 0, 0, value });
        if (name.EndsWith("npy", StringComparison.Ordinal))
            NpyFile.Write(file, table);
        else
            FvecsFile.Write(file, table);
        InputException refused = await Assert.ThrowsAsync<InputException>(() => CollectionImport.RunAsync(file, _folder.File("c")));
        Assert.StartsWith($"{file}: row 1, ", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("c")));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public async Task Nonfinite_Parquet_value_is_an_error_with_file_and_row(float value)
    {
        string file = _folder.File("v.parquet");
        Document[] documents =
        [
            .. Enumerable.Range(0, 9000).Select(i => new Document("") { Id = $"{i}", Vector = new float[] { 1, i == 8500 ? value : 0 } }),
        ];
        await using (FileStream stream = File.Create(file))
            await DocumentParquet.WriteAsync(stream, documents.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
        InputException refused = await Assert.ThrowsAsync<InputException>(() => CollectionImport.RunAsync(file, _folder.File("c")));
        Assert.StartsWith(
            $"{file}: row 8500, counted from 0, contains a value that is not a finite number",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(_folder.File("c")));
    }

    [Theory]
    [InlineData("1e39", "value 2 of the embedding is not a float32")]
    [InlineData("NaN", "the row cannot be read")]
    public async Task Nonfinite_JSON_Lines_value_is_an_error_with_file_and_line(string value, string what)
    {
        string file = _folder.File("v.jsonl");
        await File.WriteAllTextAsync(
            file,
            $$"""
            {"id":"a","text":"","embedding":[1,0]}
            {"id":"b","text":"","embedding":[1,{{value}}]}
            """,
            TestContext.Current.CancellationToken
        );
        InputException refused = await Assert.ThrowsAsync<InputException>(() => CollectionImport.RunAsync(file, _folder.File("c")));
        Assert.StartsWith($"{file}:2: {what}", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("c")));
    }

    [Fact]
    public async Task Vectors_without_a_model_are_searched_by_vector_and_text_queries_require_a_model()
    {
        string file = _folder.File("v.fvecs");
        FvecsFile.Write(file, new(WordModel.Dimensions, WordModel.Embed("black coffee")));
        ImportResult read = await CollectionImport.RunAsync(file, _folder.File("c"));
        Assert.Equal("vectors", read.Model);

        await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("c")))
        {
            Assert.Equal("0", Assert.Single(await engine.SearchAsync(WordModel.Embed("coffee"))).Id);
            InputException refused = await Assert.ThrowsAsync<InputException>(() => engine.SearchAsync("coffee"));
            Assert.Equal([nameof(SemanticSearchEngineOptions.Model)], refused.RelatedOptions);
        }

        await using SemanticSearchEngine named = await SemanticSearchEngine.OpenAsync(_folder.File("c"), WordModel.Options());
        Assert.InRange(Assert.Single(await named.SearchAsync("black coffee")).Score, 0.999f, 1);
    }

    [Fact]
    public async Task Import_rejects_vectors_of_another_model()
    {
        await using (await FilledAsync()) { }

        string same = _folder.File("same.npy"),
            other = _folder.File("other.npy");
        NpyFile.Write(same, new(WordModel.Dimensions, new float[WordModel.Dimensions]));
        NpyFile.Write(other, new(3, new float[3]));

        InputException unnamed = await RefusedAsync(same, "words", new());
        Assert.Contains("name it", unnamed.Message, StringComparison.Ordinal);
        Assert.Equal([nameof(SemanticSearchEngineOptions.Model)], unnamed.RelatedOptions);
        Assert.Contains("another collection", (await RefusedAsync(other, "words", WordModel.Options())).Message, StringComparison.Ordinal);
        Assert.Contains("vectors only", (await RefusedAsync(other, "new", WordModel.Options())).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("new")));

        async Task<InputException> RefusedAsync(string file, string collection, SemanticSearchEngineOptions engine) =>
            await Assert.ThrowsAsync<InputException>(() =>
                CollectionImport.RunAsync(file, _folder.File(collection), new() { Engine = engine })
            );
    }

    [Fact]
    public async Task Graph_of_unnormalized_vectors_is_rebuilt_with_a_note()
    {
        ImportResult read = await CollectionImport.RunAsync(FaissGolden.Path("hnsw-l2.faiss"), _folder.File("c"));

        Assert.False(read.KeptGraph);
        Assert.Contains("length 1", read.Warning, StringComparison.Ordinal);
        Assert.Equal(2100, read.Total);
    }

    [Fact]
    public async Task FAISS_graph_becomes_the_collections_graph()
    {
        ImportResult read = await CollectionImport.RunAsync(FaissGolden.Path("hnsw-ip-ids.faiss"), _folder.File("c"));
        Assert.True(read.KeptGraph);
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("c"));
        string back = _folder.File("back.faiss");
        await CollectionExport.RunAsync(engine, back);

        Assert.Empty(engine.Warnings);
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
        Assert.Equal(
            FaissFile.Read(FaissGolden.Path("hnsw-ip-ids.faiss")).Graph!.Links.ToArray(),
            FaissFile.Read(back).Graph!.Links.ToArray()
        );
        Assert.Equal(
            FaissFile.ReadVectors(FaissGolden.Path("hnsw-ip-ids.faiss")).Ids!.Value.ToArray(),
            FaissFile.ReadVectors(back).Ids!.Value.ToArray()
        );
    }

    [Theory]
    [InlineData("faiss", "ip", false)]
    [InlineData("faiss", "l2", true)]
    [InlineData("faiss-flat", "ip", true)]
    [InlineData("faiss-flat", "l2", false)]
    public async Task FAISS_opens_an_export_and_finds_the_same(string format, string metric, bool numbered)
    {
        PythonFaiss.Require();
        const int Count = 2600,
            Dimensions = 12,
            Queries = 30;
        float[] rows = TestVectors.Clustered(Count, Dimensions, 5),
            queries = TestVectors.Clustered(Queries, Dimensions, 6);
        await using SemanticSearchEngine engine = await VectorsAsync(rows, Dimensions, id => numbered ? $"{(id * 7) + 5}" : $"doc-{id}");
        string file = _folder.File("out.faiss"),
            texts = _folder.File("texts.jsonl"),
            asked = _folder.File("queries.npy");
        await CollectionExport.RunAsync(
            engine,
            file,
            new()
            {
                Format = format == "faiss" ? InterchangeFormat.Faiss : InterchangeFormat.FaissFlat,
                Metric = metric == "ip" ? SimilarityMetric.Dot : SimilarityMetric.Euclidean,
                TextsFile = texts,
            }
        );
        for (int q = 0; q < Queries; q++)
            VectorMath.Normalize(queries.AsSpan(q * Dimensions, Dimensions));
        NpyFile.Write(asked, new(Dimensions, queries));
        string[] names = [.. File.ReadLines(texts).Select(line => JsonNode.Parse(line)!["id"]!.GetValue<string>())];
        long[][] found = await PythonFaiss.SearchAsync(file, asked, 10);

        int same = 0;
        for (int q = 0; q < Queries; q++)
        {
            IReadOnlyList<SearchResult> ours = await engine.SearchAsync(
                queries.AsMemory(q * Dimensions, Dimensions),
                10,
                new() { Exact = format != "faiss" }
            );
            IEnumerable<string> theirs = found[q].Select(id => numbered ? id.ToString(CultureInfo.InvariantCulture) : names[id]);
            same += ours.Select(hit => hit.Id).Intersect(theirs).Count();
        }

        Assert.InRange(same, (Queries * 10) - 2, Queries * 10);
    }

    [Theory]
    [InlineData("""{"text":"no vector"}""", "embedding")]
    [InlineData("""{"id":"a","embedding":[1,2]}""" + "\n" + """{"id":"b","embedding":[1,2,3]}""", ":2:")]
    [InlineData("""{"id":"a","embedding":[1,"x"]}""", "value 2")]
    [InlineData("""{"id":"a","embedding":[1e99]}""", "value 1")]
    [InlineData("""{"id":"a","embedding":[]}""", "array")]
    [InlineData("""[1,2]""", "object")]
    [InlineData("""{"id":"a","embedd""", "cannot be read")]
    public async Task Invalid_line_is_reported(string lines, string reason)
    {
        string file = _folder.File("in.jsonl");
        File.WriteAllText(file, lines);

        InputException e = await Assert.ThrowsAsync<InputException>(() => CollectionImport.RunAsync(file, _folder.File("c")));
        Assert.StartsWith(file, e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("c")));
    }

    [Theory]
    [InlineData("out.parquet", 23)]
    [InlineData("out.jsonl", 41)]
    [InlineData("out.fvecs", 5)]
    [InlineData("out.ivecs", 1)]
    public async Task Damaged_file_is_read_or_rejected_by_name(string name, int step)
    {
        string file = _folder.File(name);
        await using (SemanticSearchEngine original = await FilledAsync())
            await CollectionExport.RunAsync(original, file);
        byte[] bytes = File.ReadAllBytes(file);
        for (int i = 0; i < bytes.Length; i += step)
        {
            await TryAsync(bytes[..i]);
            byte[] damaged = (byte[])bytes.Clone();
            damaged[i] ^= 0xFF;
            await TryAsync(damaged);
        }

        async Task TryAsync(byte[] content)
        {
            File.WriteAllBytes(file, content);
            try
            {
                ImportSource source = await ImportSource.OpenAsync(file, InterchangeFormats.OfPath(file), null, CancellationToken.None);
                await foreach (Document document in source.Documents)
                    Assert.NotNull(document.Vector);
            }
            catch (InputException e)
            {
                Assert.StartsWith(file, e.Message, StringComparison.Ordinal);
            }
        }
    }

    private async Task<SemanticSearchEngine> FilledAsync()
    {
        SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("words"), WordModel.Options());
        await engine.AddDocumentsAsync([
            new Document("black coffee")
            {
                Id = "a",
                Metadata = new() { ["hot"] = true, ["n"] = 1.5 },
            },
            new Document("green tea\n“quoted”") { Id = "b" },
            new Document("")
            {
                Id = "ö/3",
                Metadata = new() { ["of"] = new JsonArray("x", null) },
            },
        ]);
        return engine;
    }

    private async Task<SemanticSearchEngine> VectorsAsync(float[] rows, int dimensions, Func<int, string> id)
    {
        StringBuilder texts = new();
        for (int i = 0; i < rows.Length / dimensions; i++)
            texts.Append(new JsonObject { ["id"] = id(i), ["text"] = "" }.ToJsonString()).Append('\n');
        File.WriteAllText(_folder.File("in.texts.jsonl"), texts.ToString());
        NpyFile.Write(_folder.File("in.npy"), new(dimensions, rows));
        await CollectionImport.RunAsync(_folder.File("in.npy"), _folder.File("c"), new() { TextsFile = _folder.File("in.texts.jsonl") });
        return await SemanticSearchEngine.OpenAsync(_folder.File("c"));
    }
}
