using Microsoft.Extensions.AI;

namespace Sextant.Embedding;

/// <summary>
/// Passes the <see cref="EmbeddingRole"/> through <see cref="EmbeddingGenerationOptions"/>, which has no property for it.
/// </summary>
public static class EmbeddingRoleExtensions
{
    private const string Key = "sextant.role";

    /// <summary>The role asked for; <see cref="EmbeddingRole.Document"/> when none was named.</summary>
    public static EmbeddingRole GetRole(this EmbeddingGenerationOptions? options) =>
        options?.AdditionalProperties is { } properties && properties.TryGetValue(Key, out EmbeddingRole role)
            ? role
            : EmbeddingRole.Document;

    /// <summary>A copy of <paramref name="options"/> that asks for <paramref name="role"/>.</summary>
    public static EmbeddingGenerationOptions WithRole(this EmbeddingGenerationOptions? options, EmbeddingRole role)
    {
        EmbeddingGenerationOptions copy = options?.Clone() ?? new EmbeddingGenerationOptions();
        copy.AdditionalProperties = copy.AdditionalProperties is { } existing ? new(existing) : [];
        copy.AdditionalProperties[Key] = role;
        return copy;
    }
}
