using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Sextant.Embedding;
using Sextant.Hosted.Http;
using Sextant.Hosted.Services;
using Sextant.Models.Catalog;
using Sextant.Tokenizers;

namespace Sextant.Hosted;

/// <summary>
/// A hosted model as an embedding generator: waits for the rate, sends, splits what the service finds too large, checks what comes back,
/// counts what it used.
/// </summary>
internal sealed class HostedEmbeddingGenerator(HostedModel model, IEmbeddingService service, RateGate gate, IDisposable connection)
    : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string Again = "run it again (finished embeddings are kept); if it happens again, the server has a bug";

    private readonly EmbeddingGeneratorMetadata _metadata = new(
        model.Name.Provider,
        model.Address,
        model.Name.Model,
        model.Profile.Dimensions
    );

    // The maximum number of texts per request that the service has been observed to accept.
    private volatile int _maxTexts = int.MaxValue;

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        Microsoft.Extensions.AI.EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<string> texts = values as IReadOnlyList<string> ?? [.. values];
        var vectors = new List<ReadOnlyMemory<float>>(texts.Count);
        long tokens = texts.Count == 0 ? 0 : await EmbedAsync(texts, options.GetRole(), vectors, cancellationToken).ConfigureAwait(false);
        return new GeneratedEmbeddings<Embedding<float>>(
            vectors.Select(vector => new Embedding<float>(vector) { ModelId = model.Name.Full })
        )
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ModelProfile) ? model.Profile
            : serviceType == typeof(ITokenCounter) ? model.Counter
            : serviceType == typeof(EmbeddingLimits) ? model.Limits
            : serviceType == typeof(ModelPrice) ? new ModelPrice(model.UsdPerMillionTokens)
            : serviceType == typeof(CatalogEntry) ? model.Entry
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose() => connection.Dispose();

    /// <summary>Adds the vectors of <paramref name="texts"/> and returns the tokens used.</summary>
    private async Task<long> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingRole role,
        List<ReadOnlyMemory<float>> vectors,
        CancellationToken cancellationToken
    )
    {
        if (texts.Count > _maxTexts)
        {
            return await HalvesAsync().ConfigureAwait(false);
        }

        long counted = texts.Sum(text => (long)model.Counter.Count(text));
        ServiceVectors answer;
        long began = model.Options.TimeProvider.GetTimestamp();
        RequestNotes notes = RequestNotes.Begin();
        try
        {
            using IDisposable permit = await gate.EnterAsync(counted, cancellationToken).ConfigureAwait(false);
            answer = await service.EmbedAsync(texts, role, model.RequestDimensions, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.Kind != RefusalKind.Other && texts.Count > 1)
        {
            model.Logger.LogInformation(
                "{Model}: {Count} texts exceed the request limit; splitting the request in half",
                model.Name.Full,
                texts.Count
            );
            if (e.Kind == RefusalKind.TooManyTexts)
            {
                _maxTexts = Math.Min(_maxTexts, texts.Count - (texts.Count / 2));
            }

            return await HalvesAsync().ConfigureAwait(false);
        }

        RequireVectors(answer, texts, notes);
        long tokens = answer.Tokens ?? counted;
        model.Options.Usage?.Add(tokens, tokens * model.UsdPerMillionTokens / 1_000_000m);
        model.Logger.LogDebug(
            "{Model}: {Count} texts, {Tokens} tokens, {Milliseconds:0} ms, request {RequestId}",
            model.Name.Full,
            texts.Count,
            tokens,
            model.Options.TimeProvider.GetElapsedTime(began).TotalMilliseconds,
            notes.RequestId ?? "without a name"
        );
        vectors.AddRange(answer.Vectors);
        return tokens;

        async Task<long> HalvesAsync()
        {
            // Always the same halves, one after the other: the same texts make the same requests.
            int half = texts.Count - (texts.Count / 2);
            long first = await EmbedAsync([.. texts.Take(half)], role, vectors, cancellationToken).ConfigureAwait(false);
            return first + await EmbedAsync([.. texts.Skip(half)], role, vectors, cancellationToken).ConfigureAwait(false);
        }
    }

    private void RequireVectors(ServiceVectors answer, IReadOnlyList<string> texts, RequestNotes notes)
    {
        string request = notes.RequestId is { } id ? $" (request {id})" : "";
        if (answer.Vectors.Count != texts.Count)
        {
            throw Wrong(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{answer.Vectors.Count} vector{(answer.Vectors.Count == 1 ? "" : "s")} for {texts.Count} "
                        + $"text{(texts.Count == 1 ? "" : "s")}"
                ),
                Again
            );
        }

        int expected = model.Profile.Dimensions;
        for (int i = 0; i < texts.Count; i++)
        {
            ReadOnlySpan<float> vector = answer.Vectors[i].Span;
            if (vector.Length != expected)
            {
                throw Wrong(
                    string.Create(CultureInfo.InvariantCulture, $"a vector of {vector.Length} dimensions, not {expected}"),
                    model.RequestDimensions is { } asked
                        ? string.Create(
                            CultureInfo.InvariantCulture,
                            $"this server cannot truncate vectors; do not set the dimensions to {asked}"
                        )
                        : $"this name refers to another model; check {Settings.AddressVariable(model.Name.Provider) ?? "the server"}, "
                            + "or name that server as http://HOST:PORT#MODEL"
                );
            }

            // A vector of zeros is similar to nothing: its text would never be found again.
            bool isZero = vector.IndexOfAnyExcept(0f) < 0;
            if (isZero || !TensorPrimitives.IsFiniteAll(vector))
            {
                throw Wrong($"a vector {(isZero ? "of zeros" : "that is not finite")} for the text \"{TextStart.Cut(texts[i])}\"", Again);
            }
        }

        SextantException Wrong(string what, string cure) =>
            new($"{model.Name.Full}: {model.Address.Authority} returned {what}{request}; {cure}")
            {
                RelatedOptions = model.RequestDimensions is not null && cure != Again ? [nameof(EmbeddingPipelineOptions.Dimensions)] : [],
            };
    }
}
