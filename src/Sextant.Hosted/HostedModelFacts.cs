using System.Text.Json;
using Sextant.Models.Catalog;

namespace Sextant.Hosted;

/// <summary>
/// The facts about a hosted model that are known before the first request: the model's properties from the catalog, and the limits of its
/// service from <c>hosted-models.json</c>.
/// </summary>
internal sealed record HostedModelFacts
{
    private static readonly Lazy<FactsFile> File = new(Read);

    /// <summary>The service's limits.</summary>
    public required ProviderFacts Provider { get; init; }

    /// <summary>The catalog entry; <see langword="null"/> for an unlisted model.</summary>
    public CatalogEntry? Entry { get; init; }

    /// <summary>Whether the catalog lists the model under this exact name, not only a similar one.</summary>
    public bool IsListed { get; init; }

    /// <summary>The tiktoken encoding that the model uses, or <see langword="null"/> when its tokens can only be estimated.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>The maximum number of tokens per request.</summary>
    public int MaxRequestTokens { get; init; }

    /// <summary>
    /// The length of the model's vectors; <see langword="null"/> if only the server knows, as for all self-hosted servers.
    /// </summary>
    public int? Dimensions => Provider.SelfHosted ? null : Entry?.Dimensions;

    /// <summary>Its price, where one is known.</summary>
    public decimal? UsdPerMillionTokens =>
        Provider.SelfHosted && !IsListed ? Provider.UsdPerMillionTokens : Entry?.Price?.UsdPerMillionTokens ?? Provider.UsdPerMillionTokens;

    /// <summary>The facts of a model.</summary>
    public static HostedModelFacts Find(HostedModelName name)
    {
        ProviderFacts provider = OfProvider(name.Provider);
        ModelException? own = Array.Find(File.Value.Models, model => model.Name == name.Full);
        CatalogEntry? listed = ModelCatalog.Default.Find(name.Full);
        return new HostedModelFacts
        {
            Provider = provider,
            IsListed = listed is not null,
            Entry =
                listed
                ?? name.Provider switch
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
        if (
            wanted is not { } length
            || length == Dimensions
            || Entry is not { MatryoshkaDimensions: { Count: > 0 } lengths }
            || Dimensions is null
        )
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

    /// <summary>The facts about a provider that are the same for all its models.</summary>
    internal static ProviderFacts OfProvider(string name) => Array.Find(File.Value.Providers, provider => provider.Name == name)!;

    /// <summary>A provider's rerankers; <see langword="null"/> when none are known.</summary>
    internal static ProviderRerankers? RerankersOf(string provider) =>
        Array.Find(File.Value.Rerankers, rerankers => rerankers.Provider == provider);

    private sealed record FactsFile(ProviderFacts[] Providers, ModelException[] Models, ProviderRerankers[] Rerankers);

    /// <summary>The differences of a model from its provider's others.</summary>
    private sealed record ModelException(string Name, string? Tokenizer = null, int? MaxRequestTokens = null);
}

/// <summary>The facts shared by all models of a provider.</summary>
/// <param name="Name">The prefix of its models' names.</param>
/// <param name="MaxTexts">The maximum number of texts per request.</param>
/// <param name="MaxRequestTokens">The maximum number of tokens per request.</param>
/// <param name="Concurrency">The number of concurrent requests.</param>
/// <param name="ShortensToAny">Whether a model with variable dimensions supports any number of dimensions, not only some.</param>
/// <param name="SelfHosted">Whether the user runs the server, so that its facts are queried from it.</param>
/// <param name="TimeoutSeconds">The timeout of one attempt.</param>
/// <param name="Tokenizer">The encoding to estimate tokens of unlisted models.</param>
/// <param name="UsdPerMillionTokens">The price of a self-hosted server, if known.</param>
internal sealed record ProviderFacts(
    string Name,
    int MaxTexts,
    int MaxRequestTokens,
    int Concurrency,
    bool ShortensToAny = false,
    bool SelfHosted = false,
    int TimeoutSeconds = 100,
    string? Tokenizer = null,
    decimal? UsdPerMillionTokens = null
);
