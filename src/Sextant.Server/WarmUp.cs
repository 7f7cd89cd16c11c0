using System.Net;
using System.Net.Http.Json;
using System.Runtime;
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

    // Code is optimized after it has run often, and again after it was observed.
    private const int LeastRequests = 2_000;

    // The runtime waits for a pause before it optimizes: 0.1 s, and ten times as long on one processor.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(Environment.ProcessorCount == 1 ? 2.5 : 0.5);

    /// <summary>
    /// Sends requests until no more code is compiled, for at most <paramref name="time"/>. A failure is logged and never stops the service.
    /// </summary>
    /// <returns>How many requests were answered.</returns>
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
        builder
            .WebHost.UseKestrelCore()
            .UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true)
            .ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using WebApplication application = builder.Build();
        application.MapSextant();
        await application.StartAsync(cancellationToken);
        using HttpClient client = new();
        client.BaseAddress = new(
            application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
        );
        int answered = await SendAsync(client, time, cancellationToken);
        await application.StopAsync(cancellationToken);
        return answered;
    }

    private static async Task<int> SendAsync(HttpClient client, TimeSpan time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = new(time);
        (await client.PutAsync(WarmUpRequests.Collection, content: null, cancellationToken)).EnsureSuccessStatusCode();
        using HttpResponseMessage added = await client.PostAsJsonAsync(
            WarmUpRequests.Documents,
            WarmUpRequests.FirstDocuments(),
            cancellationToken
        );
        added.EnsureSuccessStatusCode();
        (string Path, byte[] Body)[] requests = WarmUpRequests.Create();
        int answered = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(SendAllAsync).Append(EndWhenQuietAsync()));
        return answered;

        async Task SendAllAsync(int first)
        {
            // One each, even if the time went into the documents.
            for (int i = first; i == first || !end.IsCancellationRequested; i += Clients)
            {
                (string path, byte[] body) = requests[i % requests.Length];
                using ByteArrayContent content = new(body);
                content.Headers.ContentType = new("application/json");
                using HttpResponseMessage answer = await client.PostAsync(path, content, cancellationToken);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                Interlocked.Increment(ref answered);
            }
        }

        async Task EndWhenQuietAsync()
        {
            long compiled = -1;
            while (Volatile.Read(ref answered) < LeastRequests || compiled != JitInfo.GetCompiledMethodCount())
            {
                compiled = JitInfo.GetCompiledMethodCount();
                await Task.Delay(Quiet, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                if (end.IsCancellationRequested)
                    return;
            }

            await end.CancelAsync();
        }
    }
}
