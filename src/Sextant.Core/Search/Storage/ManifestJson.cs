using System.Text.Json;
using System.Text.Json.Serialization;
using Sextant.Embedding;
using Sextant.Index;
using Sextant.Numerics;

namespace Sextant.Search.Storage;

/// <summary>The JSON of a manifest, without reflection, which trimmed and native programs lack.</summary>
internal static partial class ManifestJson
{
    public static string Write(ModelProfile model) => JsonSerializer.Serialize(model, Generated.Default.ModelProfile);

    public static string Write(HnswOptions index) => JsonSerializer.Serialize(index, Generated.Default.HnswOptions);

    public static string Write(Dictionary<string, string> values) =>
        JsonSerializer.Serialize(values, Generated.Default.DictionaryStringString);

    public static Dictionary<string, string> ReadValues(string json) =>
        JsonSerializer.Deserialize(json, Generated.Default.DictionaryStringString) ?? [];

    /// <exception cref="JsonException">It is not a profile.</exception>
    public static ModelProfile ReadModel(string json) =>
        JsonSerializer.Deserialize(json, Generated.Default.StoredProfile)?.ToProfile() ?? throw new JsonException("the model is null");

    /// <exception cref="JsonException">They are not options.</exception>
    public static HnswOptions ReadIndex(string json) =>
        JsonSerializer.Deserialize(json, Generated.Default.StoredIndex)?.ToOptions() ?? throw new JsonException("the index is null");

    // Generated code sets init-only properties that are missing in the JSON to zero instead of their default; these have setters.
    private sealed class StoredProfile
    {
        private static readonly ModelProfile Defaults = new()
        {
            Name = "",
            Provider = "",
            Dimensions = 0,
        };

        [JsonRequired]
        public string Name { get; set; } = "";
        public string? Identity { get; set; }

        [JsonRequired]
        public string Provider { get; set; } = "";
        public string Revision { get; set; } = Defaults.Revision;

        [JsonRequired]
        public int Dimensions { get; set; }
        public int? MaxTokens { get; set; }
        public string Pooling { get; set; } = Defaults.Pooling;
        public string QueryPrompt { get; set; } = Defaults.QueryPrompt;
        public string DocumentPrompt { get; set; } = Defaults.DocumentPrompt;
        public bool Normalized { get; set; } = Defaults.Normalized;
        public IReadOnlyList<int> MatryoshkaDimensions { get; set; } = Defaults.MatryoshkaDimensions;

        public ModelProfile ToProfile() =>
            new()
            {
                Name = Name,
                Identity = Identity!,
                Provider = Provider,
                Revision = Revision,
                Dimensions = Dimensions,
                MaxTokens = MaxTokens,
                Pooling = Pooling,
                QueryPrompt = QueryPrompt,
                DocumentPrompt = DocumentPrompt,
                Normalized = Normalized,
                MatryoshkaDimensions = MatryoshkaDimensions,
            };
    }

    private sealed class StoredIndex
    {
        private static readonly HnswOptions Defaults = new();

        public int M { get; set; } = Defaults.M;
        public int EfConstruction { get; set; } = Defaults.EfConstruction;
        public int EfSearch { get; set; } = Defaults.EfSearch;
        public SimilarityMetric Metric { get; set; } = Defaults.Metric;
        public VectorStorage Storage { get; set; } = Defaults.Storage;
        public ulong Seed { get; set; } = Defaults.Seed;

        public HnswOptions ToOptions() =>
            new()
            {
                M = M,
                EfConstruction = EfConstruction,
                EfSearch = EfSearch,
                Metric = Metric,
                Storage = Storage,
                Seed = Seed,
            };
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(ModelProfile))]
    [JsonSerializable(typeof(HnswOptions))]
    [JsonSerializable(typeof(StoredProfile))]
    [JsonSerializable(typeof(StoredIndex))]
    [JsonSerializable(typeof(Dictionary<string, string>))]
    private sealed partial class Generated : JsonSerializerContext;
}
