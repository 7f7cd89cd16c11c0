using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Sextant.Models.Catalog;

/// <summary>Reads and validates the JSON file of a catalog; errors include the position.</summary>
internal static partial class CatalogFile
{
    private const int Version = 1;

    // Every published model has fewer; a slip of the keyboard has more.
    private const int MaxDimensions = 65_536,
        MaxTokens = 16_777_216;

    private static readonly string[] Poolings = ["mean", "cls", "last", "max", "hosted"];

    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <exception cref="InputException">It does not exist, or is invalid.</exception>
    public static IReadOnlyList<CatalogEntry> Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Read(stream, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the catalog cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a catalog; <paramref name="location"/> names it in messages.</summary>
    public static IReadOnlyList<CatalogEntry> Read(Stream stream, string location)
    {
        Document document;
        try
        {
            document =
                JsonSerializer.Deserialize(stream, Generated.Default.Document)
                ?? throw new InputException($"{location}: expected an object with \"version\" and \"models\"");
        }
        catch (JsonException e)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{location}:{e.LineNumber + 1}: {Reason(e)}"), e);
        }

        if (document.Version != Version)
        {
            throw new InputException($"{location}: \"version\" is {document.Version}; this version of Sextant reads version {Version}");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        CatalogEntry[] entries = [.. document.Models.Select((model, i) => Check(model, i, document, names, location))];
        foreach (CatalogEntry entry in entries)
        {
            foreach (string alias in entry.Aliases)
            {
                if (!names.Add(alias))
                {
                    throw new InputException($"{location}: {entry.Name}: the alias '{alias}' is already used by another model");
                }
            }
        }

        return entries;
    }

    private static CatalogEntry Check(Model model, int index, Document document, HashSet<string> names, string location)
    {
        string place = string.IsNullOrWhiteSpace(model.Name) ? $"{location}: models[{index}]" : $"{location}: {model.Name}";
        void Demand(bool condition, string otherwise)
        {
            if (!condition)
            {
                throw new InputException($"{place}: {otherwise}");
            }
        }

        Demand(!string.IsNullOrWhiteSpace(model.Name), "\"name\" is empty");
        Demand(names.Add(model.Name), "the name is a duplicate");
        Demand(model.Aliases.TrueForAll(a => !string.IsNullOrWhiteSpace(a)), "an alias is empty");
        Demand(model.Dimensions is > 0 and <= MaxDimensions, $"\"dimensions\" must be 1 to {MaxDimensions}, not {model.Dimensions}");
        Demand(model.MaxTokens is null or > 0 and <= MaxTokens, $"\"max_tokens\" must be 1 to {MaxTokens}, not {model.MaxTokens}");
        Demand(
            model.Matryoshka.Count == 0 || model.Matryoshka.Contains(model.Dimensions),
            "\"matryoshka\" must include the model's dimensions"
        );
        Demand(model.Matryoshka.TrueForAll(d => d is > 0 and <= MaxDimensions), $"\"matryoshka\" lengths must be 1 to {MaxDimensions}");
        Demand(model.Matryoshka.SequenceEqual(model.Matryoshka.Distinct().OrderDescending()), "\"matryoshka\" must be in descending order");
        Demand(model.Pooling is null || Poolings.Contains(model.Pooling), $"\"pooling\" must be one of {string.Join(", ", Poolings)}");
        Demand(model.Nuget is null || PackagePattern().IsMatch(model.Nuget), "\"nuget\" must be PACKAGE or PACKAGE@VERSION");
        Demand(
            model.NugetHash is null || (model.Nuget?.Contains('@') == true && IsHash(model.NugetHash)),
            "\"nuget_hash\" must be the content hash (SHA-512 in Base64) of the one version in \"nuget\""
        );
        Demand(model.UsdPerMillionTokens is null or >= 0, "\"usd_per_million_tokens\" is negative");
        Demand(
            model.UsdPerMillionTokens is null || (model.PriceAsOf ?? document.AsOf) is not null,
            "a price needs a date: \"price_as_of\""
        );
        Demand(model.Mteb.All(s => s.Value is > 0 and <= 100), "an MTEB average must be above 0 and at most 100");
        Demand(model.Mteb.Count == 0 || (model.MtebAsOf ?? document.AsOf) is not null, "an MTEB average needs a date: \"mteb_as_of\"");
        return new CatalogEntry
        {
            Name = model.Name,
            Aliases = model.Aliases,
            Dimensions = model.Dimensions,
            MatryoshkaDimensions = model.Matryoshka,
            MaxTokens = model.MaxTokens,
            Pooling = model.Pooling,
            Normalized = model.Normalized,
            QueryPrompt = model.QueryPrompt,
            DocumentPrompt = model.DocumentPrompt,
            License = model.License,
            NuGetPackage = model.Nuget,
            NuGetContentHash = model.NugetHash,
            Price = model.UsdPerMillionTokens is { } usd ? new CatalogPrice(usd, (model.PriceAsOf ?? document.AsOf)!.Value) : null,
            Scores = [.. model.Mteb.Select(s => new CatalogScore(s.Key, s.Value, (model.MtebAsOf ?? document.AsOf)!.Value))],
        };
    }

    private static bool IsHash(string text)
    {
        Span<byte> hash = stackalloc byte[64];
        return Convert.TryFromBase64String(text, hash, out int length) && length == hash.Length;
    }

    [GeneratedRegex(@"\A\w+([.-]\w+)*(@[0-9A-Za-z.+-]+)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PackagePattern();

    // The serializer's message ends with a path and a line that the user's eyes need not parse twice.
    private static string Reason(JsonException e)
    {
        int end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        string reason = end > 0 ? e.Message[..end] : e.Message;
        return reason
            .Replace($"'{typeof(Model).FullName}'", "a model", StringComparison.Ordinal)
            .Replace($"'{typeof(Document).FullName}'", "a catalog", StringComparison.Ordinal);
    }

    // Setters, since generated code sets init-only properties that are missing in the JSON to zero instead of their default.
    private sealed class Document
    {
        [JsonRequired]
        public int Version { get; set; }
        public DateOnly? AsOf { get; set; }

        [JsonRequired]
        public List<Model> Models { get; set; } = [];
    }

    private sealed class Model
    {
        [JsonRequired]
        public string Name { get; set; } = "";
        public List<string> Aliases { get; set; } = [];

        [JsonRequired]
        public int Dimensions { get; set; }
        public List<int> Matryoshka { get; set; } = [];
        public int? MaxTokens { get; set; }
        public string? Pooling { get; set; }
        public bool? Normalized { get; set; }
        public string QueryPrompt { get; set; } = "";
        public string DocumentPrompt { get; set; } = "";
        public string? License { get; set; }
        public string? Nuget { get; set; }
        public string? NugetHash { get; set; }
        public decimal? UsdPerMillionTokens { get; set; }
        public DateOnly? PriceAsOf { get; set; }
        public Dictionary<string, double> Mteb { get; set; } = [];
        public DateOnly? MtebAsOf { get; set; }
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true
    )]
    [JsonSerializable(typeof(Document))]
    private sealed partial class Generated : JsonSerializerContext;
}
