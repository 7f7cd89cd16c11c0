using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Sextant.Aspire.Hosting.Tests;

public sealed class SextantResourceTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(
        new DistributedApplicationOptions { DisableDashboard = true, Args = ["Parameters:search-api-key=0123456789abcdef"] }
    );

    [Fact]
    public void Image_has_the_version_of_the_package()
    {
        IResourceBuilder<SextantResource> search = _builder.AddSextant("search");

        ContainerImageAnnotation image = Assert.Single(search.Resource.Annotations.OfType<ContainerImageAnnotation>());
        Assert.Equal(("sextant", "0.1.0"), (image.Image, image.Tag));
    }

    [Fact]
    public void Endpoint_leads_to_the_port_of_the_service()
    {
        IResourceBuilder<SextantResource> free = _builder.AddSextant("search");
        IResourceBuilder<SextantResource> chosen = _builder.AddSextant("other", port: 6000);

        EndpointAnnotation endpoint = Assert.Single(free.Resource.Annotations.OfType<EndpointAnnotation>());
        Assert.Equal(("http", 5080, null), (endpoint.UriScheme, endpoint.TargetPort, endpoint.Port));
        Assert.Equal(6000, Assert.Single(chosen.Resource.Annotations.OfType<EndpointAnnotation>()).Port);
    }

    [Fact]
    public async Task Key_of_the_service_is_in_its_environment_and_in_the_connection_string()
    {
        IResourceBuilder<SextantResource> search = _builder.AddSextant("search").WithEndpoint("http", Allocate);

        Assert.Equal("0123456789abcdef", (await EnvironmentAsync(search))["SEXTANT_API_KEYS"]);
        Assert.Equal(
            "Endpoint=http://localhost:7000;Key=0123456789abcdef",
            await search.Resource.ConnectionStringExpression.GetValueAsync(CancellationToken.None)
        );
    }

    [Fact]
    public async Task Key_can_be_a_parameter_of_the_application()
    {
        IResourceBuilder<ParameterResource> key = _builder.AddParameter("key", "fedcba9876543210", secret: true);
        IResourceBuilder<SextantResource> search = _builder.AddSextant("search", key);

        Assert.Same(key.Resource, search.Resource.ApiKey);
        Assert.Equal("fedcba9876543210", (await EnvironmentAsync(search))["SEXTANT_API_KEYS"]);
    }

    [Fact]
    public async Task Generated_key_is_long_enough_for_the_service()
    {
        IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(
            new DistributedApplicationOptions { DisableDashboard = true }
        );
        SextantResource search = builder.AddSextant("search").Resource;

        string? key = await search.ApiKey.GetValueAsync(CancellationToken.None);
        Assert.True(search.ApiKey.Secret);
        Assert.True(key!.Length >= 16);
        Assert.DoesNotContain(key, letter => letter is ',' or ':');
    }

    [Fact]
    public async Task Application_waits_until_the_service_is_ready()
    {
        IResourceBuilder<SextantResource> search = _builder.AddSextant("search").WithEndpoint("http", Allocate);

        HealthCheckAnnotation check = Assert.Single(search.Resource.Annotations.OfType<HealthCheckAnnotation>());
        Assert.Contains("/readyz", check.Key, StringComparison.Ordinal);
        await using DistributedApplication application = _builder.Build();
        HealthCheckServiceOptions registered = application.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value;
        Assert.Contains(check.Key, registered.Registrations.Select(one => one.Name));
    }

    [Fact]
    public async Task Models_and_a_database_are_settings_of_the_service()
    {
        IResourceBuilder<ParameterResource> password = _builder.AddParameter("password", "p", secret: true);
        IResourceBuilder<SextantResource> search = _builder
            .AddSextant("search")
            .WithModels("sextant-small", "all-MiniLM-L6-v2")
            .WithCollections(ReferenceExpression.Create($"postgres://app:{password}@db:5432/app"));

        Dictionary<string, string> environment = await EnvironmentAsync(search);
        Assert.Equal("sextant-small,all-MiniLM-L6-v2", environment["SEXTANT_MODELS"]);
        Assert.Equal("postgres://app:p@db:5432/app", environment["SEXTANT_COLLECTIONS"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => search.WithModels());
    }

    [Fact]
    public void Volume_holds_what_the_service_writes()
    {
        SextantResource named = _builder.AddSextant("search").WithDataVolume("texts").Resource;
        SextantResource unnamed = _builder.AddSextant("other").WithDataVolume().Resource;

        ContainerMountAnnotation volume = Assert.Single(named.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal(
            (ContainerMountType.Volume, "texts", "/home/app", false),
            (volume.Type, volume.Source, volume.Target, volume.IsReadOnly)
        );
        Assert.EndsWith(
            "-other-data",
            Assert.Single(unnamed.Annotations.OfType<ContainerMountAnnotation>()).Source,
            StringComparison.Ordinal
        );
    }

    private static void Allocate(EndpointAnnotation endpoint) =>
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", 7000);

    private static async Task<Dictionary<string, string>> EnvironmentAsync(IResourceBuilder<SextantResource> search) =>
#pragma warning disable CS0618 // The replacement is experimental in this version.
        await search.Resource.GetEnvironmentVariableValuesAsync(DistributedApplicationOperation.Run);
#pragma warning restore CS0618
}
