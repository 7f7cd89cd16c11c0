using Sextant.Models;

namespace Sextant.Hosted;

/// <summary>Adds hosted models to a registry.</summary>
public static class HostedModelRegistryExtensions
{
    /// <summary>
    /// A registry that also knows <c>openai:</c>, <c>azure:</c>, <c>voyage:</c>, <c>cohere:</c>, <c>jina:</c>, <c>ollama:</c> and
    /// <c>http(s)://HOST:PORT#NAME</c>, as embedding models and as rerankers. Keys and addresses come from the environment.
    /// </summary>
    /// <param name="registry">The models that are known already.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    public static ModelRegistry WithHostedModels(this ModelRegistry registry, HostedModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.WithProviders(new HostedModelProvider(options ?? new HostedModelOptions()));
    }
}
