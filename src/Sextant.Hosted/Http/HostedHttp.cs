using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;

namespace Sextant.Hosted.Http;

/// <summary>The one way out: refusals ← retries ← whole answers ← network. Nothing on it writes headers or bodies anywhere.</summary>
internal static class HostedHttp
{
    public static HttpClient Create(
        HostedModelName name,
        Uri address,
        string? key,
        HostedModelOptions options,
        TimeSpan timeout,
        RateGate gate,
        ILogger logger,
        bool keepsAnswers = true
    )
    {
        var refusals = new RefusalHandler(name, address, key, timeout, options.TimeProvider, keepsAnswers)
        {
            InnerHandler = options.Offline || options.CountOnly ? new OfflineHandler(name) : Network(),
        };
        // The time limit is each attempt's own.
        return new HttpClient(refusals) { Timeout = Timeout.InfiniteTimeSpan };

        HttpMessageHandler Network() =>
            new ResilienceHandler(RetryRules.Build(options, timeout, gate, logger, name.Full))
            {
                InnerHandler = new WholeAnswerHandler(gate)
                {
                    InnerHandler = new SocketsHttpHandler
                    {
                        // A redirected POST loses its body, and a key has no business at another address.
                        AllowAutoRedirect = false,
                        AutomaticDecompression = DecompressionMethods.All,
                        ConnectTimeout = TimeSpan.FromSeconds(15),
                        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                    },
                },
            };
    }

    private sealed class OfflineHandler(HostedModelName name) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InputException($"{name.Full} needs the network, which is disabled (offline); allow it, or use a model on disk")
            {
                RelatedOptions = ["offline"],
            };
    }
}
