using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sextant.NuGetModels.Tests;

/// <summary>
/// A server that speaks NuGet's V3 protocol: the service index and the flat container, behind Basic credentials if it has any.
/// </summary>
internal sealed class HttpFeed : IAsyncDisposable
{
    private readonly WebApplication _app;

    public HttpFeed()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(AnswerAsync);
    }

    /// <summary>The packages, by id and version in lower case.</summary>
    public ConcurrentDictionary<(string Id, string Version), byte[]> Packages { get; } = [];

    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>USER:PASSWORD, if the feed wants them.</summary>
    public string? Credentials { get; set; }

    public string Address => _app.Urls.Single();

    public string Index => Address + "/v3/index.json";

    public async Task<HttpFeed> StartAsync()
    {
        await _app.StartAsync();
        return this;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        Requests.Enqueue(path);
        if (
            Credentials is { } wanted
            && context.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(wanted))
        )
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"feed\"";
            return;
        }

        switch (path.Trim('/').Split('/'))
        {
            case ["v3", "index.json"]:
                await context.Response.WriteAsJsonAsync(
                    new Dictionary<string, object>
                    {
                        ["version"] = "3.0.0",
                        ["resources"] = new[]
                        {
                            new Dictionary<string, string> { ["@id"] = Address + "/flat/", ["@type"] = "PackageBaseAddress/3.0.0" },
                        },
                    }
                );
                break;
            case ["flat", var id, "index.json"] when Packages.Keys.Any(k => k.Id == id):
                await context.Response.WriteAsJsonAsync(new { versions = Packages.Keys.Where(k => k.Id == id).Select(k => k.Version) });
                break;
            case ["flat", var id, var version, var file]
                when file == $"{id}.{version}.nupkg" && Packages.TryGetValue((id, version), out byte[]? bytes):
                context.Response.ContentType = "application/octet-stream";
                await context.Response.Body.WriteAsync(bytes);
                break;
            default:
                context.Response.StatusCode = 404;
                break;
        }
    }
}
