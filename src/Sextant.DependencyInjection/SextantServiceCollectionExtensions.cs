using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.VectorData;
using Sextant;
using Sextant.Models;
using Sextant.VectorData;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Sextant to a host.</summary>
public static class SextantServiceCollectionExtensions
{
    /// <summary>
    /// Adds the model as an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>, the collections as <see cref="SextantCollections"/> and
    /// as a <see cref="VectorStore"/>, each collection as a <see cref="SemanticSearchEngine"/> whose key is its name, and the one
    /// that <see cref="SextantOptions.Collection"/> names without a key. All are shared, thread-safe, and closed with the container.
    /// </summary>
    /// <remarks>
    /// The model and the named collection are opened during host startup, so that a wrong setting fails the startup and no request waits.
    /// Without a host they are opened on first use. Existing registrations are kept.
    /// <example>
    /// <code>
    /// builder.Services.AddSextant(options => options.Collection = "docs");
    /// app.MapGet("/find", (string q, SemanticSearchEngine docs) => docs.SearchAsync(q));
    /// </code>
    /// </example>
    /// </remarks>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options; the defaults when <see langword="null"/>.</param>
    public static IServiceCollection AddSextant(this IServiceCollection services, Action<SextantOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        SextantOptions options = new();
        configure?.Invoke(options);
        services.TryAddSingleton(provider => new SextantCollections(options, provider.GetService<ILoggerFactory>()));
        services.TryAddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(provider =>
            provider.GetRequiredService<SextantCollections>().Model
        );
        services.TryAddSingleton<VectorStore>(provider => Store(provider, options));
        services.TryAddKeyedSingleton(KeyedService.AnyKey, (provider, key) => Open(provider, (string)key!));
        if (options.Collection is { } name)
            services.TryAddSingleton(provider => Open(provider, name));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OpenAtStart>());
        return services;
    }

    // Texts are embedded by the container's generator, which another registration may have provided before ours.
    private static SextantVectorStore Store(IServiceProvider provider, SextantOptions options)
    {
        SextantCollections collections = provider.GetRequiredService<SextantCollections>();
        SemanticSearchEngineOptions texts = collections.EngineOptions(options.Model ?? StaticModelProvider.BuiltInModel);
        IEmbeddingGenerator<string, Embedding<float>> generator = provider.GetRequiredService<
            IEmbeddingGenerator<string, Embedding<float>>
        >();
        return new SextantVectorStore(options.Collections, collections.EngineOptions(options.Model))
        {
            TextOptions = generator is ModelAtFirstUse ? texts : texts with { Generator = generator },
        };
    }

    // Containers make their services at once. After the start of a host there is nothing left to wait for.
    private static SemanticSearchEngine Open(IServiceProvider provider, string name)
    {
        SextantCollections collections = provider.GetRequiredService<SextantCollections>();
        return Task.Run(() => collections.GetAsync(name)).GetAwaiter().GetResult();
    }
}
