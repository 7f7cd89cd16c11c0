using System.Globalization;
using System.Text;
using Sextant.Models.Catalog;

namespace Sextant.Models.Tests.Catalog;

/// <summary>The table of well-known models is complete, plausible, and open to the user's additions.</summary>
public sealed class ModelCatalogTests
{
    private static readonly ModelCatalog Ours = ModelCatalog.LoadBuiltIn();

    [Theory]
    [InlineData("text-embedding-3-large", "openai:text-embedding-3-large", 3072)]
    [InlineData("text-embedding-3-small", "openai:text-embedding-3-small", 1536)]
    [InlineData("text-embedding-ada-002", "openai:text-embedding-ada-002", 1536)]
    [InlineData("voyage-large-2", "voyage:voyage-large-2", 1536)]
    [InlineData("embed-english-v3.0", "cohere:embed-english-v3.0", 1024)]
    [InlineData("bge-large-en-v1.5", "hf:BAAI/bge-large-en-v1.5", 1024)]
    [InlineData("e5-mistral-7b-instruct", "hf:intfloat/e5-mistral-7b-instruct", 4096)]
    [InlineData("voyage-4-large", "voyage:voyage-4-large", 1024)]
    [InlineData("embed-v4.0", "cohere:embed-v4.0", 1536)]
    [InlineData("all-MiniLM-L6-v2", "hf:sentence-transformers/all-MiniLM-L6-v2", 384)]
    [InlineData("potion-base-8M", "hf:minishlab/potion-base-8M", 256)]
    [InlineData("sextant-small", "sextant-small", 256)]
    public void Popular_models_are_found_by_their_common_names(string known, string name, int dimensions)
    {
        CatalogEntry entry = Ours.Find(known)!;

        Assert.Equal((name, dimensions), (entry.Name, entry.Dimensions));
    }

    [Theory]
    [InlineData("hf:BAAI/bge-m3@5617a9f61b028005a4858fdac845db406aefb181")]
    [InlineData("BAAI/bge-m3")]
    [InlineData("hf:baai/BGE-M3")]
    [InlineData("BGE-m3")]
    public void Repository_is_found_with_a_revision_without_a_prefix_and_in_any_case(string name) =>
        Assert.Equal("hf:BAAI/bge-m3", Ours.Find(name)?.Name);

    [Fact]
    public void Unknown_model_is_not_found() => Assert.Null(Ours.Find("hf:nobody/nothing"));

    [Fact]
    public void Models_that_need_prompts_have_them()
    {
        Assert.Equal("Represent this sentence for searching relevant passages: ", Ours.Find("bge-small-en-v1.5")!.QueryPrompt);
        Assert.Equal("", Ours.Find("bge-small-en-v1.5")!.DocumentPrompt);
        Assert.Equal("passage: ", Ours.Find("multilingual-e5-small")!.DocumentPrompt);
        Assert.EndsWith("\nQuery: ", Ours.Find("e5-mistral-7b-instruct")!.QueryPrompt, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_name_and_alias_is_unique()
    {
        string[] all = [.. Ours.Entries.SelectMany(e => e.Aliases.Prepend(e.Name))];

        Assert.Equal(all.Length, all.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(Ours.Entries, e => Assert.All(e.Aliases, alias => Assert.Same(e, Ours.Find(alias))));
    }

    [Fact]
    public void Every_entry_is_plausible()
    {
        Assert.All(
            Ours.Entries,
            e =>
            {
                Assert.InRange(e.Dimensions, 32, 8192);
                Assert.InRange(e.MaxTokens ?? 512, 128, 131_072);
                Assert.All(
                    e.MatryoshkaDimensions,
                    d => Assert.InRange(d, 32, e.Name.StartsWith("voyage:", StringComparison.Ordinal) ? 2048 : e.Dimensions)
                );
                Assert.All(e.Scores, s => Assert.InRange(s.Average, 40, 80));
                Assert.All(e.Scores, s => Assert.Contains(s.Benchmark, new[] { CatalogScore.EnglishV1, CatalogScore.EnglishV2 }));
                Assert.NotNull(e.Pooling);
                Assert.NotNull(e.License);
                Assert.True(e.Price is null or { UsdPerMillionTokens: >= 0.01m and <= 1m }, e.Name);
            }
        );
    }

    [Fact]
    public void Only_paid_models_have_a_price()
    {
        Assert.All(Ours.Entries.Where(e => e.Price is not null), e => Assert.Equal(("hosted", "proprietary"), (e.Pooling, e.License)));
        Assert.Equal(0.13m, Ours.Find("text-embedding-3-large")!.Price!.UsdPerMillionTokens);
    }

    [Fact]
    public void Users_catalog_adds_and_overrides_models()
    {
        ModelCatalog catalog = Ours.WithEntries(
            Read(
                """
                {
                  // prices after our contract
                  "version": 1, "as_of": "2026-11-01",
                  "models": [
                    { "name": "openai:text-embedding-3-large", "dimensions": 3072, "usd_per_million_tokens": 0.05 },
                    { "name": "hf:acme/legal-embed", "aliases": ["legal"], "dimensions": 768, "pooling": "cls", "query_prompt": "q: ", },
                  ]
                }
                """
            )
        );

        Assert.Equal(0.05m, catalog.Find("openai:text-embedding-3-large")!.Price!.UsdPerMillionTokens);
        Assert.Equal(new DateOnly(2026, 11, 1), catalog.Find("openai:text-embedding-3-large")!.Price!.AsOf);
        Assert.Equal("q: ", catalog.Find("legal")!.QueryPrompt);
        Assert.Equal(Ours.Entries.Count + 1, catalog.Entries.Count);
    }

    [Theory]
    [InlineData("""{"version":1,"models":[{"name":"a","dimensions":0}]}""", "a: \"dimensions\" must be 1 to 65536, not 0")]
    [InlineData("""{"version":1,"models":[{"name":" ","dimensions":4}]}""", "models[0]: \"name\" is empty")]
    [InlineData("""{"version":1,"models":[{"name":"a","dimensions":4},{"name":"A","dimensions":4}]}""", "the name is a duplicate")]
    [InlineData("""{"version":1,"models":[{"name":"a","dimensions":4,"matryoshka":[2]}]}""", "must include the model's dimensions")]
    [InlineData("""{"version":1,"models":[{"name":"a","dimensions":4,"matryoshka":[2,4]}]}""", "must be in descending order")]
    [InlineData("""{"version":1,"models":[{"name":"a","dimensions":4,"max_tokens":-1}]}""", "\"max_tokens\"")]
    [InlineData(
        """{"version":1,"models":[{"name":"a","dimensions":4,"pooling":"avg"}]}""",
        "\"pooling\" must be one of mean, cls, last, max, hosted"
    )]
    [InlineData("""{"version":1,"models":[{"name":"a","dimensions":4,"usd_per_million_tokens":1}]}""", "needs a date")]
    [InlineData(
        """{"version":1,"models":[{"name":"a","dimensions":4,"mteb":{"x":101},"mteb_as_of":"2026-01-01"}]}""",
        "above 0 and at most 100"
    )]
    [InlineData(
        """{"version":1,"models":[{"name":"a","dimensions":4,"aliases":["b"]},{"name":"b","dimensions":4}]}""",
        "alias 'b' is already used"
    )]
    [InlineData("""{"version":2,"models":[]}""", "\"version\" is 2")]
    public void Catalog_error_names_the_model(string json, string says)
    {
        InputException e = Assert.Throws<InputException>(() => Read(json));

        Assert.StartsWith("user.json: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n\"version\": 1,\n\"models\": [\n{\"name\": \"a\", \"dimensions\": \"many\"}]}", 4, "dimensions|Int32|converted")]
    [InlineData("{\n\"version\": 1,\n\"models\": [\n{\"name\": \"a\", \"dims\": 4}]}", 4, "dims")]
    [InlineData("{\n\"version\": 1,\n\"models\": [\n{\"name\": \"a\"}\n]}", 4, "dimensions")]
    [InlineData("{\n\"version\": 1,\n\"models\": [\n{\"name\": \"a\", ]", 4, "']'")]
    [InlineData("", 1, "")]
    public void Malformed_catalog_is_an_error_with_the_line(string json, int line, string saysOneOf)
    {
        InputException e = Assert.Throws<InputException>(() => Read(json));

        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"user.json:{line}: "), e.Message, StringComparison.Ordinal);
        Assert.Contains(saysOneOf.Split('|'), word => e.Message.Contains(word, StringComparison.Ordinal));
        Assert.DoesNotContain("Sextant.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_catalog_file_is_an_input_error()
    {
        InputException e = Assert.Throws<InputException>(() => CatalogFile.Read("/nowhere/models.json"));

        Assert.StartsWith("/nowhere/models.json: ", e.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<CatalogEntry> Read(string json) =>
        CatalogFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)), "user.json");
}
