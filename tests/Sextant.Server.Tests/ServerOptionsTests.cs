using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Sextant.Server.Tests;

public sealed class ServerOptionsTests
{
    [Fact]
    public void Lists_are_read_from_one_value_with_commas_or_from_an_array()
    {
        ServerOptions commas = Read(("Models", "sextant-small, ./mine"), ("ApiKeys", "a,b:read"), ("CorsOrigins", "https://a.example"));
        ServerOptions array = Read(
            ("Models:0", "sextant-small"),
            ("Models:1", "./mine"),
            ("ApiKeys:0", "a"),
            ("ApiKeys:1", "b:read"),
            ("CorsOrigins:0", "https://a.example")
        );

        Assert.All(
            [commas, array],
            static options =>
            {
                Assert.Equal(["sextant-small", "./mine"], options.Models);
                Assert.Equal(["a", "b:read"], options.ApiKeys);
                Assert.Equal(["https://a.example"], options.CorsOrigins);
                Assert.Empty(options.Rerankers);
            }
        );
    }

    [Fact]
    public void Omitted_settings_have_their_defaults()
    {
        ServerOptions options = Read(("MaxBatch", "7"));

        Assert.Equal((7, 2048), (options.MaxBatch, options.MaxInputs));
        Assert.Equal(["sextant-small"], options.Models);
        Assert.Empty(options.ApiKeys);
        Assert.Empty(Read(("Models", "")).Models);
    }

    [Fact]
    public async Task An_application_sets_options_and_adds_conventions_to_every_route()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSextantServer(options =>
            (options.Collections, options.CreateFolder, options.MaxInputs) = (Path.GetTempPath(), false, 9)
        );
        await using WebApplication application = builder.Build();

        application.MapSextant().WithMetadata(new Marker());

        Assert.Equal(9, application.Services.GetRequiredService<ServerOptions>().MaxInputs);
        RouteEndpoint[] routes =
        [
            .. ((IEndpointRouteBuilder)application).DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>(),
        ];
        Assert.Contains(routes, static route => route.RoutePattern.RawText == "/v1/embeddings");
        Assert.Contains(routes, static route => route.RoutePattern.RawText == "/healthz");
        Assert.All(routes, static route => Assert.NotNull(route.Metadata.GetMetadata<Marker>()));
    }

    private static ServerOptions Read(params (string Key, string Value)[] settings) =>
        ServerConfiguration.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
                .Build()
        );

    private sealed class Marker;
}
