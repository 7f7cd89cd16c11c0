using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sextant.Models;

namespace Sextant.Server;

/// <summary>
/// Sends requests to a second service in this process, with a temporary collection and the built-in model, so that the code of the first
/// real requests is compiled and optimized already. Nothing of the operator's is used: no collection, no key, no paid model.
/// </summary>
internal static class WarmUp
{
    private const int Clients = 4;

    private static readonly string[] Texts =
    [
        "Refunds reach your card within five days.",
        "Parcels arrive on Tuesdays.",
        "To reset your password, choose 'forgot password'.",
    ];

    /// <summary>Searches for <paramref name="time"/>. A failure is logged and never stops the service.</summary>
    /// <returns>How many searches were answered.</returns>
    public static async Task<int> RunAsync(ModelRegistry models, TimeSpan time, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            string folder = Directory.CreateTempSubdirectory("sextant-").FullName;
            try
            {
                return await RunAsync(models, folder, time, cancellationToken);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
#pragma warning disable CA1031 // The service works without a warm-up.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogWarning("Warm-up failed, so the first requests are slower: {Reason}", e.Message);
            return 0;
        }
    }

    private static async Task<int> RunAsync(ModelRegistry models, string folder, TimeSpan time, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "sextant", ContentRootPath = folder });
        builder.Services.AddRouting();
        builder.Services.AddSextantServer(new ServerOptions { Collections = folder, RequestsPerSecond = 0 }, models);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using WebApplication application = builder.Build();
        application.MapSextant();
        await application.StartAsync(cancellationToken);
        using HttpClient client = new();
        client.BaseAddress = new(
            application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
        );
        (await client.PutAsync("v1/collections/warm", content: null, cancellationToken)).EnsureSuccessStatusCode();
        var documents = Texts.Select(
            static (text, i) =>
                new
                {
                    id = $"{i}",
                    text,
                    metadata = new { topic = "warm", number = i },
                }
        );
        (await client.PostAsJsonAsync("v1/collections/warm/documents", new { documents }, cancellationToken)).EnsureSuccessStatusCode();

        int answered = 0;
        using CancellationTokenSource end = new(time);
        await Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(async _ =>
                {
                    for (int i = 0; !end.IsCancellationRequested; i++)
                    {
                        using HttpResponseMessage found = await client.PostAsJsonAsync(
                            "v1/collections/warm/search",
                            new { query = Texts[i % Texts.Length], k = 3 },
                            cancellationToken
                        );
                        found.EnsureSuccessStatusCode();
                        await found.Content.ReadAsByteArrayAsync(cancellationToken);
                        Interlocked.Increment(ref answered);
                    }
                })
        );
        using HttpResponseMessage embedded = await client.PostAsJsonAsync(
            "v1/embeddings",
            new { input = Texts, model = "sextant-small" },
            cancellationToken
        );
        embedded.EnsureSuccessStatusCode();
        await application.StopAsync(cancellationToken);
        return answered;
    }
}
