using System.Text.Json;

namespace Sextant.Hosted;

/// <summary>What is known of a hosted model before it is asked: a line of <c>hosted-models.json</c>.</summary>
/// <param name="Name">The whole name.</param>
/// <param name="Dimensions">The length of its vectors when no other is asked for; <see langword="null"/> when only its server knows.</param>
/// <param name="Shortens">Whether the service gives any shorter length that is asked for.</param>
/// <param name="Lengths">The lengths that the service gives, the largest first, where it gives only some.</param>
/// <param name="MaxTokens">The most tokens of one text.</param>
/// <param name="Tokenizer">The tiktoken encoding, or <see langword="null"/> when its tokens can only be estimated.</param>
/// <param name="MaxRequestTokens">The most tokens of one request, where it differs from its provider's.</param>
/// <param name="UsdPerMillionTokens">Its price.</param>
/// <param name="PriceAsOf">When that was its price.</param>
internal sealed record HostedModelFacts(
    string Name, int? Dimensions = null, bool Shortens = false, int[]? Lengths = null, int? MaxTokens = null, string? Tokenizer = null,
    int? MaxRequestTokens = null, decimal? UsdPerMillionTokens = null, DateOnly? PriceAsOf = null)
{
    private static readonly Lazy<FactsFile> File = new(Read);

    /// <summary>The facts of a model; of one that is not listed, only its name.</summary>
    public static HostedModelFacts Of(HostedModelName name) =>
        Array.Find(File.Value.Models, model => model.Name == name.Full) ?? new HostedModelFacts(name.Full);

    /// <summary>What is true of every model of a provider.</summary>
    public static ProviderFacts OfProvider(string name) => Array.Find(File.Value.Providers, provider => provider.Name == name)!;

    /// <summary>The length to ask the service for, so that vectors of <paramref name="wanted"/> come of it; its own when <see langword="null"/>.</summary>
    public int? Request(int? wanted) =>
        wanted is { } length && length != Dimensions && ((Shortens && length < Dimensions) || Array.IndexOf(Lengths ?? [], length) >= 0)
            ? length
            : null;

    private static FactsFile Read()
    {
        using Stream stream = typeof(HostedModelFacts).Assembly.GetManifestResourceStream("hosted-models.json")!;
        return JsonSerializer.Deserialize<FactsFile>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record FactsFile(ProviderFacts[] Providers, HostedModelFacts[] Models);
}

/// <summary>What is true of every model of a provider.</summary>
/// <param name="Name">The first part of its models' names.</param>
/// <param name="MaxTexts">The most texts of one request.</param>
/// <param name="MaxRequestTokens">The most tokens of one request.</param>
/// <param name="Concurrency">How many requests are under way at once.</param>
/// <param name="TimeoutSeconds">How long one attempt may take.</param>
/// <param name="Tokenizer">The encoding by which models that are not listed are estimated.</param>
/// <param name="UsdPerMillionTokens">The price of models that are not listed, where it is known.</param>
internal sealed record ProviderFacts(
    string Name, int MaxTexts, int MaxRequestTokens, int Concurrency, int TimeoutSeconds = 100, string? Tokenizer = null,
    decimal? UsdPerMillionTokens = null);
