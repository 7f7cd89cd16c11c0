using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sextant.Models;
using Sextant.Server.Keys;
using Sextant.Tests.Shared;

namespace Sextant.Server.Tests;

/// <summary>The service inside of the test, which can set its clock and its models, and see its routes.</summary>
internal sealed class InProcessService : IAsyncDisposable
{
    private readonly TempFolder? _own;
    private readonly WebApplication _application;

    private InProcessService(WebApplication application, string folder, TempFolder? own) =>
        (_application, Folder, _own) = (application, folder, own);

    public string Folder { get; }

    public HttpClient Http { get; } = new();

    public IServiceProvider Services => _application.Services;

    public ApiKeyFile Keys => new(Path.Combine(Folder, ApiKeyFile.DefaultName));

    public IReadOnlyList<RouteEndpoint> Routes =>
        [.. ((IEndpointRouteBuilder)_application).DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()];

    /// <param name="configure">Changes the options.</param>
    /// <param name="models">The models; the built-in one when <see langword="null"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="folder">The folder of collections; a temporary one when <see langword="null"/>.</param>
    public static async Task<InProcessService> StartAsync(
        Action<ServerOptions>? configure = null,
        ModelRegistry? models = null,
        TimeProvider? time = null,
        string? folder = null
    )
    {
        TempFolder? own = folder is null ? new() : null;
        folder ??= own!.Path;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = folder });
        builder.Services.AddRouting();
        if (time is not null)
            builder.Services.AddSingleton(time);
        ServerOptions options = new() { Collections = folder, RequestsPerSecond = 0 };
        configure?.Invoke(options);
        builder.Services.AddSextantServer(options, models ?? ModelRegistry.Default);
        builder.Services.AddTelemetry(builder.Configuration);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        InProcessService service = new(builder.Build(), folder, own);
        service._application.MapSextant();
        _ = service.Services.GetRequiredService<ServiceTelemetry>();
        await service._application.StartAsync();
        service.Http.BaseAddress = new(
            service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
        );
        return service;
    }

    /// <summary>Creates a key and returns its secret.</summary>
    public Task<string> CreateKeyAsync(string name, params string[] grants) =>
        Keys.CreateAsync(new(name, [.. grants.Select(KeyGrant.Parse)]));

    /// <summary>Sends a request with a key.</summary>
    public async Task<HttpResponseMessage> SendAsync(string? key, string method, string path, JsonNode? body = null)
    {
        HttpRequestMessage request = new(new(method), path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null)
            request.Content = path == "/v1/files" ? new MultipartFormDataContent() : JsonContent.Create(body);
        if (path == "/mcp")
            request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        return await Http.SendAsync(request);
    }

    /// <summary>The status and the code of the error, if there is one.</summary>
    public async Task<(int Status, string? Code)> StatusAsync(string? key, string method, string path, JsonNode? body = null)
    {
        using HttpResponseMessage response = await SendAsync(key, method, path, body);
        string said = await response.Content.ReadAsStringAsync();
        bool isJson = response.Content.Headers.ContentType?.MediaType == "application/json";
        return (
            (int)response.StatusCode,
            isJson && !response.IsSuccessStatusCode ? JsonNode.Parse(said)!["error"]?["code"]?.ToString() : null
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await Services.GetRequiredService<Sextant.Server.Collections.CollectionSet>().DisposeAsync();
        await _application.DisposeAsync();
        Http.Dispose();
        _own?.Dispose();
    }
}
