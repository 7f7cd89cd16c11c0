using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Sextant;
using Sextant.VectorData;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds vector stores and their collections to a host, as other connectors of <c>Microsoft.Extensions.VectorData</c> do.</summary>
public static class SextantVectorDataServiceCollectionExtensions
{
    /// <summary>
    /// Adds the collections at a location as a <see cref="SextantVectorStore"/> and a <see cref="VectorStore"/>. An
    /// <see cref="IEmbeddingGenerator"/> of the container embeds for records whose definition names none.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="location">A folder, or a location that a provider in the options knows, without its <c>#collection</c>.</param>
    /// <param name="options">Returns the options of the store; the defaults when <see langword="null"/>.</param>
    /// <param name="lifetime">The lifetime of the store. Handles of one collection share its engine in each case.</param>
    public static IServiceCollection AddSextantVectorStore(
        this IServiceCollection services,
        string location,
        Func<IServiceProvider, SemanticSearchEngineOptions>? options = null,
        ServiceLifetime lifetime = ServiceLifetime.Singleton
    ) => AddKeyedSextantVectorStore(services, serviceKey: null, location, options, lifetime);

    /// <summary>
    /// Adds the collections at a location as a <see cref="SextantVectorStore"/> and a <see cref="VectorStore"/>. An
    /// <see cref="IEmbeddingGenerator"/> of the container embeds for records whose definition names none.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="serviceKey">The key of the services; <see langword="null"/> for none.</param>
    /// <param name="location">A folder, or a location that a provider in the options knows, without its <c>#collection</c>.</param>
    /// <param name="options">Returns the options of the store; the defaults when <see langword="null"/>.</param>
    /// <param name="lifetime">The lifetime of the store. Handles of one collection share its engine in each case.</param>
    public static IServiceCollection AddKeyedSextantVectorStore(
        this IServiceCollection services,
        object? serviceKey,
        string location,
        Func<IServiceProvider, SemanticSearchEngineOptions>? options = null,
        ServiceLifetime lifetime = ServiceLifetime.Singleton
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        services.Add(new(typeof(SextantVectorStore), serviceKey, (provider, _) => Store(provider, location, options), lifetime));
        services.Add(new(typeof(VectorStore), serviceKey, (provider, key) => Get<SextantVectorStore>(provider, key), lifetime));
        return services;
    }

    /// <summary>
    /// Adds one collection as a <see cref="SextantCollection{TKey, TRecord}"/>, a <see cref="VectorStoreCollection{TKey, TRecord}"/>, an
    /// <see cref="IVectorSearchable{TRecord}"/> and an <see cref="IKeywordHybridSearchable{TRecord}"/>. An
    /// <see cref="IEmbeddingGenerator"/> of the container embeds where the definition of the records names none.
    /// </summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TRecord">The type of records.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The name of the collection.</param>
    /// <param name="location">A folder, or a location that a provider in the options knows, without its <c>#collection</c>.</param>
    /// <param name="options">Returns the options of the store; the defaults when <see langword="null"/>.</param>
    /// <param name="definition">The definition of the records; their attributes when <see langword="null"/>.</param>
    /// <param name="lifetime">The lifetime of the collection. Handles of one collection share its engine in each case.</param>
    public static IServiceCollection AddSextantCollection<TKey, TRecord>(
        this IServiceCollection services,
        string name,
        string location,
        Func<IServiceProvider, SemanticSearchEngineOptions>? options = null,
        VectorStoreCollectionDefinition? definition = null,
        ServiceLifetime lifetime = ServiceLifetime.Singleton
    )
        where TKey : notnull
        where TRecord : class =>
        AddKeyedSextantCollection<TKey, TRecord>(services, serviceKey: null, name, location, options, definition, lifetime);

    /// <summary>
    /// Adds one collection as a <see cref="SextantCollection{TKey, TRecord}"/>, a <see cref="VectorStoreCollection{TKey, TRecord}"/>, an
    /// <see cref="IVectorSearchable{TRecord}"/> and an <see cref="IKeywordHybridSearchable{TRecord}"/>. An
    /// <see cref="IEmbeddingGenerator"/> of the container embeds where the definition of the records names none.
    /// </summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TRecord">The type of records.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="serviceKey">The key of the services; <see langword="null"/> for none.</param>
    /// <param name="name">The name of the collection.</param>
    /// <param name="location">A folder, or a location that a provider in the options knows, without its <c>#collection</c>.</param>
    /// <param name="options">Returns the options of the store; the defaults when <see langword="null"/>.</param>
    /// <param name="definition">The definition of the records; their attributes when <see langword="null"/>.</param>
    /// <param name="lifetime">The lifetime of the collection. Handles of one collection share its engine in each case.</param>
    public static IServiceCollection AddKeyedSextantCollection<TKey, TRecord>(
        this IServiceCollection services,
        object? serviceKey,
        string name,
        string location,
        Func<IServiceProvider, SemanticSearchEngineOptions>? options = null,
        VectorStoreCollectionDefinition? definition = null,
        ServiceLifetime lifetime = ServiceLifetime.Singleton
    )
        where TKey : notnull
        where TRecord : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        services.Add(
            new(
                typeof(SextantCollection<TKey, TRecord>),
                serviceKey,
                (provider, _) => Store(provider, location, options).GetCollection<TKey, TRecord>(name, definition),
                lifetime
            )
        );
        foreach (
            Type service in (Type[])
                [
                    typeof(VectorStoreCollection<TKey, TRecord>),
                    typeof(IVectorSearchable<TRecord>),
                    typeof(IKeywordHybridSearchable<TRecord>),
                ]
        )
        {
            services.Add(new(service, serviceKey, (provider, key) => Get<SextantCollection<TKey, TRecord>>(provider, key), lifetime));
        }

        return services;
    }

    private static SextantVectorStore Store(
        IServiceProvider provider,
        string location,
        Func<IServiceProvider, SemanticSearchEngineOptions>? options
    ) => new(location, options?.Invoke(provider)) { EmbeddingGenerator = provider.GetService<IEmbeddingGenerator>() };

    private static T Get<T>(IServiceProvider provider, object? key)
        where T : notnull => key is null ? provider.GetRequiredService<T>() : provider.GetRequiredKeyedService<T>(key);
}
