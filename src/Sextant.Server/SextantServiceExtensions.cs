using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Sextant.Models;
using Sextant.Server.Api;
using Sextant.Server.Api.Browse;
using Sextant.Server.Api.Documents;
using Sextant.Server.Api.Embeddings;
using Sextant.Server.Api.Indexing;
using Sextant.Server.Api.Search;
using Sextant.Server.Api.VectorStores;
using Sextant.Server.Backups;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Keys;
using Sextant.Server.Mcp;
using Sextant.Server.Models;
using Sextant.Server.Usage;
using Sextant.Server.VectorStores;

namespace Sextant.Server;

/// <summary>Adds the service to a custom web application.</summary>
public static class SextantServiceExtensions
{
    /// <summary>Adds what the routes of <see cref="MapSextant"/> need.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets folder, models, keys and limits.</param>
    /// <param name="models">Where models are opened by name; <see cref="ModelRegistry.Default"/> when <see langword="null"/>.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddSextantServer(
        this IServiceCollection services,
        Action<ServerOptions> configure,
        ModelRegistry? models = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        ServerOptions options = new();
        configure(options);
        return services.AddSextantServer(options, models ?? ModelRegistry.Default);
    }

    internal static IServiceCollection AddSextantServer(this IServiceCollection services, ServerOptions options, ModelRegistry models)
    {
        services.AddCollections(options, models, Caller.None);
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<IdempotentAnswers>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<VectorStoreSet>();
        services.AddSingleton<FileIngestion>();
        services.AddSingleton<StoreFiles>();
        services.AddSingleton<IngestionJobs>();
        services.AddHostedService(static provider => provider.GetRequiredService<IngestionJobs>());
        services.AddSingleton<BackupJob>();
        services.AddHostedService(static provider => provider.GetRequiredService<BackupJob>());
        services.AddSingleton<UsageRecorder>();
        services.AddHostedService(static provider => provider.GetRequiredService<UsageRecorder>());
        services.ConfigureHttpJsonOptions(json => ServerJson.ApplyToHttp(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddRequestTimeouts(timeouts => Limits.Apply(timeouts, options));
        services.AddRateLimiter(limiter => Limits.Apply(limiter, options));
        services.AddCors(cors =>
            cors.AddDefaultPolicy(policy =>
                policy.WithOrigins([.. options.CorsOrigins]).AllowAnyMethod().AllowAnyHeader().WithExposedHeaders("ETag", "Retry-After")
            )
        );
        McpService.AddTools(services, options).WithHttpTransport(http => http.Stateless = true);
        services.AddOpenApi(Description.Document, Description.Configure);
        return services;
    }

    /// <summary>Adds the steps that every request passes, and the routes.</summary>
    /// <param name="application">The application.</param>
    /// <returns>Conventions for all routes, such as <c>RequireAuthorization</c>.</returns>
    public static IEndpointConventionBuilder MapSextant(this WebApplication application)
    {
        ArgumentNullException.ThrowIfNull(application);
        application.UseMiddleware<AuditLog>();
        application.UseMiddleware<ErrorHandling>();
        application.UseMiddleware<HeadRequests>();
        application.UseRouting();
        application.UseCors();
        application.UseMiddleware<Gate>();
        application.UseMiddleware<RequestBodies>();
        application.UseRateLimiter();
        application.UseRequestTimeouts();
        RouteGroupBuilder routes = application.MapGroup("").DescribeErrors();
        RouteGroupBuilder v1 = routes.MapGroup("/v1"),
            v2 = routes.MapGroup("/v2");
        ((IEndpointConventionBuilder)v1).Finally(RouteRule.Complete);
        ((IEndpointConventionBuilder)v2).Finally(RouteRule.Complete);
        EmbeddingsApi.Map(v1);
        CollectionsApi.Map(v1);
        DocumentsApi.Map(v1);
        IndexApi.Map(v1);
        SelectedDocumentsApi.Map(v1);
        SearchApi.Map(v1);
        FacetsApi.Map(v1);
        ManySearchesApi.Map(v1);
        BrowseApi.Map(v1);
        SimilaritiesApi.Map(v1);
        RerankersApi.Map(v1);
        RerankApi.Map(v1, "rerank");
        // Where Cohere's newer client looks for it.
        RerankApi.Map(v2, "rerankV2");
        MapApi.Map(v1);
        FilesApi.Map(v1);
        VectorStoresApi.Map(v1);
        UsageApi.Map(v1);
        StatusApi.Map(v1);
        HealthApi.Map(routes);
        MetricsApi.Map(routes);
        PageApi.Map(routes);
        Description.Map(routes);
        routes
            .MapMcp("/mcp")
            .WithMetadata(new ExcludeFromDescriptionAttribute())
            .Needs(KeyRights.None, RightScope.None)
            .Add(McpService.RequireJson);
        return routes;
    }

    /// <summary>Adds models and collections, which every way of serving them needs.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="options">The folder of collections, and limits.</param>
    /// <param name="models">Where models are opened by name.</param>
    /// <param name="caller">The caller of code outside of requests.</param>
    internal static void AddCollections(this IServiceCollection services, ServerOptions options, ModelRegistry models, Caller caller)
    {
        services.AddSingleton(new Callers(caller));
        services.AddSingleton<UsageLedger>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => new ServedModels(
            options,
            models,
            provider.GetRequiredService<UsageLedger>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<ServedRerankers>();
        services.AddSingleton<Searches>();
        services.AddSingleton(CollectionRoot.Create(options));
        services.AddSingleton<CollectionSet>();
        services.AddSingleton<LocalPaths>();
    }
}
