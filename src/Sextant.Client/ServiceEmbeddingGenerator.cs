using System.Globalization;
using Microsoft.Extensions.AI;

namespace Sextant.Client;

/// <summary>A model of the service.</summary>
internal sealed class ServiceEmbeddingGenerator(ServiceCaller caller, string model, int? dimensions)
    : IEmbeddingGenerator<string, Embedding<float>>
{
    // The core's way of saying whether a text asks or answers; this package does without the core.
    private const string RoleKey = "sextant.role";
    private const string InputTypeKey = "input_type";

    private readonly EmbeddingGeneratorMetadata _metadata = new("sextant", caller.Address, model, dimensions);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] texts = [.. values];
        if (texts.Length == 0)
            return [];
        EmbeddingsRequest request = new(options?.ModelId ?? model, texts, options?.Dimensions ?? dimensions, "base64", InputType(options));
        EmbeddingsAnswer answer = await caller
            .CallAsync<EmbeddingsAnswer>(HttpMethod.Post, "v1/embeddings", ServiceCaller.Json(request), cancellationToken)
            .ConfigureAwait(false);
        if (answer.Data.Count != texts.Length)
        {
            throw new SextantClientException(
                string.Create(CultureInfo.InvariantCulture, $"The service sent {answer.Data.Count} vectors for {texts.Length} texts.")
            );
        }

        return new(
            answer
                .Data.OrderBy(one => one.Index)
                .Select(one => new Embedding<float>(Floats.FromBase64(one.Embedding)) { ModelId = answer.Model })
        )
        {
            Usage = answer.Usage is { } usage ? new() { InputTokenCount = usage.PromptTokens, TotalTokenCount = usage.TotalTokens } : null,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        return serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
        // The connection is the client's.
    }

    private static string? InputType(EmbeddingGenerationOptions? options)
    {
        if (options?.AdditionalProperties is not { } more)
            return null;
        object? said =
            more.TryGetValue(InputTypeKey, out object? type) ? type
            : more.TryGetValue(RoleKey, out object? role) ? role
            : null;
        return said?.ToString()?.ToLowerInvariant();
    }
}
