using System.Text.Json;
using Sextant.Models.Catalog;

namespace Sextant.Hosted;

/// <summary>
/// What is known of a hosted model before it is asked: the model's own facts from the catalogue, its service's limits from
/// <c>hosted-models.json</c>.
/// </summary>
internal sealed record HostedModelFacts
{
    private static readonly Lazy<FactsFile> File = new(Read);

    /// <summary>The service's limits.</summary>
    public required ProviderFacts Provider { get; init; }

    /// <summary>What the catalogue knows; <see langword="null"/> for a model that it does not list.</summary>
    public CatalogEntry? Entry { get; init; }

    /// <summary>Whether the catalogue lists the model under this very name, and not only one that is called like it.</summary>
    public bool IsListed { get; init; }

    /// <summary>The tiktoken encoding that the model uses, or <see langword="null"/> when its tokens can only be estimated.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>The most tokens of one request.</summary>
    public int MaxRequestTokens { get; init; }

    /// <summary>The length of the model's vectors; <see langword="null"/> when only its server knows, as with every server of one's own.</summary>
    public int? Dimensions => Provider.SelfHosted ? null : Entry?.Dimensions;

    /// <summary>Its price, where one is known.</summary>
    public decimal? UsdPerMillionTokens =>
        Provider.SelfHosted && !IsListed ? Provider.UsdPerMillionTokens : Entry?.Price?.UsdPerMillionTokens ?? Provider.UsdPerMillionTokens;

    /// <summary>The facts of a model.</summary>
    public static HostedModelFacts Of(HostedModelName name)
    {
        ProviderFacts provider = OfProvider(name.Provider);
        ModelException? own = Array.Find(File.Value.Models, model => model.Name == name.Full);
        CatalogEntry? listed = ModelCatalog.Default.Find(name.Full);
        return new HostedModelFacts
        {
            Provider = provider,
            IsListed = listed is not null,
            Entry = listed ?? name.Provider switch
            {
                // A deployment that is called as OpenAI's model is that model.
                "azure" => ModelCatalog.Default.Find($"openai:{name.Model}"),
                "http" => ModelCatalog.Default.Find(name.Model),
                "ollama" => ModelCatalog.Default.Find(name.Model) ?? ModelCatalog.Default.Find(name.Model.Split(':')[0]),
                _ => null,
            },
            Tokenizer = own?.Tokenizer,
            MaxRequestTokens = own?.MaxRequestTokens ?? provider.MaxRequestTokens,
        };
    }

    /// <summary>
    /// The length to ask the service for, so that vectors of <paramref name="wanted"/> come of it; <see langword="null"/> where it gives
    /// none but its own, and what it gives is cut here.
    /// </summary>
    public int? Request(int? wanted)
    {
        if (wanted is not { } length || length == Dimensions || Entry is not { MatryoshkaDimensions: { Count: > 0 } lengths } || Dimensions is null)
        {
            return null;
        }

        return (Provider.ShortensToAny && length < Dimensions) || lengths.Contains(length) ? length : null;
    }

    private static FactsFile Read()
    {
        using Stream stream = typeof(HostedModelFacts).Assembly.GetManifestResourceStream("hosted-models.json")!;
        return JsonSerializer.Deserialize<FactsFile>(stream, JsonSerializerOptions.Web)!;
    }

    /// <summary>What is true of a provider, whichever of its models is asked.</summary>
    internal static ProviderFacts OfProvider(string name) => Array.Find(File.Value.Providers, provider => provider.Name == name)!;

    /// <summary>A provider's rerankers; <see langword="null"/> when none are known.</summary>
    internal static ProviderRerankers? RerankersOf(string provider) => Array.Find(File.Value.Rerankers, rerankers => rerankers.Provider == provider);

    private sealed record FactsFile(ProviderFacts[] Providers, ModelException[] Models, ProviderRerankers[] Rerankers);

    /// <summary>Where a model differs from its provider's others.</summary>
    private sealed record ModelException(string Name, string? Tokenizer = null, int? MaxRequestTokens = null);
}

/// <summary>What is true of every model of a provider.</summary>
/// <param name="Name">The first part of its models' names.</param>
/// <param name="MaxTexts">The most texts of one request.</param>
/// <param name="MaxRequestTokens">The most tokens of one request.</param>
/// <param name="Concurrency">How many requests are under way at once.</param>
/// <param name="ShortensToAny">Whether a model that can be shortened is shortened to any length, and not only to some.</param>
/// <param name="SelfHosted">Whether the server is the user's own, so that its facts are asked of it.</param>
/// <param name="TimeoutSeconds">How long one attempt may take.</param>
/// <param name="Tokenizer">The encoding by which models that are not listed are estimated.</param>
/// <param name="UsdPerMillionTokens">What a server of one's own costs, where that is known.</param>
internal sealed record ProviderFacts(
    string Name, int MaxTexts, int MaxRequestTokens, int Concurrency, bool ShortensToAny = false, bool SelfHosted = false,
    int TimeoutSeconds = 100, string? Tokenizer = null, decimal? UsdPerMillionTokens = null);
