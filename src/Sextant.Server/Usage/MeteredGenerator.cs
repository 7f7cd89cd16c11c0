using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Server.Models;
using Sextant.Tokenizers;

namespace Sextant.Server.Usage;

/// <summary>
/// Counts the texts that reach a model, for the caller of each request: after the cache, which costs nothing, and before requests of
/// several callers form a batch.
/// </summary>
internal sealed class MeteredGenerator(IEmbeddingGenerator<string, Embedding<float>> model, UsageLedger ledger)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(model)
{
    private const int CharactersPerToken = 4;
    private const decimal Million = 1_000_000;

    private readonly ITokenCounter? _counter = model.GetService<ITokenCounter>();
    private readonly ModelPrice? _price = model.GetService<ModelPrice>();
    private readonly string _name = ModelName.Public(model.GetService<ModelProfile>()?.Name ?? "unknown");

    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        IReadOnlyList<string> texts = values as IReadOnlyList<string> ?? [.. values];
        ledger.Require(_name, _price is not null, _price?.UsdPerMillionTokens is not null);
        Task<GeneratedEmbeddings<Embedding<float>>> generating = base.GenerateAsync(texts, options, cancellationToken);
        // A static model has finished already.
        if (!generating.IsCompletedSuccessfully)
            return WaitAsync(texts, generating);
        Count(texts, generating.Result);
        return generating;
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> WaitAsync(
        IReadOnlyList<string> texts,
        Task<GeneratedEmbeddings<Embedding<float>>> generating
    )
    {
        GeneratedEmbeddings<Embedding<float>> generated = await generating;
        Count(texts, generated);
        return generated;
    }

    private void Count(IReadOnlyList<string> texts, GeneratedEmbeddings<Embedding<float>> generated)
    {
        long tokens = generated.Usage?.InputTokenCount ?? texts.Sum(TokensOf);
        ledger.Add(_name, tokens, documents: 0, tokens * (_price?.UsdPerMillionTokens ?? 0) / Million);
    }

    private long TokensOf(string text) => _counter?.Count(text) ?? (text.Length + CharactersPerToken - 1) / CharactersPerToken;
}
