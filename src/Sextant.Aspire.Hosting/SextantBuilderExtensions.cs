using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Sextant.Aspire.Hosting;

/// <summary>Adds Sextant services to an Aspire application.</summary>
public static class SextantBuilderExtensions
{
    private const string Image = "sextant";
    private const int Port = 5080;

    // The home folder of the image's user: it may write there, collections and cached vectors are in it.
    private const string Data = "/home/app";

    /// <summary>
    /// Adds a Sextant service. Its image is built from a checkout with <c>dotnet publish src/Sextant.Cli -t:PublishContainer</c>, or is
    /// taken from a registry with <c>WithImageRegistry</c>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name of the resource, and of its connection string.</param>
    /// <param name="apiKey">
    /// The key that clients send; one that is generated and kept in the user secrets of the application host when
    /// <see langword="null"/>.
    /// </param>
    /// <param name="port">The port on this machine; a free one when <see langword="null"/>.</param>
    public static IResourceBuilder<SextantResource> AddSextant(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource>? apiKey = null,
        int? port = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ParameterResource key =
            apiKey?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-api-key", special: false);
        return builder
            .AddResource(new SextantResource(name, key))
            .WithImage(Image, typeof(SextantResource).Assembly.GetName().Version!.ToString(3))
            .WithHttpEndpoint(port, targetPort: Port, SextantResource.EndpointName)
            .WithEnvironment("SEXTANT_API_KEYS", key)
            .WithHttpHealthCheck("/readyz", endpointName: SextantResource.EndpointName)
            .WithOtlpExporter();
    }

    /// <summary>Keeps the collections and the cache in a volume, so that they survive the container.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="name">The name of the volume; one made from the application and the resource when <see langword="null"/>.</param>
    public static IResourceBuilder<SextantResource> WithDataVolume(this IResourceBuilder<SextantResource> builder, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), Data);
    }

    /// <summary>Serves these models instead of <c>sextant-small</c>.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="models">Names such as <c>all-MiniLM-L6-v2</c> or <c>openai:text-embedding-3-small</c>.</param>
    public static IResourceBuilder<SextantResource> WithModels(this IResourceBuilder<SextantResource> builder, params string[] models)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfZero((models ?? throw new ArgumentNullException(nameof(models))).Length, nameof(models));
        return builder.WithEnvironment("SEXTANT_MODELS", string.Join(',', models));
    }

    /// <summary>Keeps the collections in a PostgreSQL database with pgvector instead of a volume.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="database">The database, whose address is <c>postgres://user:password@host:port/database</c>.</param>
    public static IResourceBuilder<SextantResource> WithCollections(
        this IResourceBuilder<SextantResource> builder,
        ReferenceExpression database
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(database);
        return builder.WithEnvironment("SEXTANT_COLLECTIONS", database);
    }
}
