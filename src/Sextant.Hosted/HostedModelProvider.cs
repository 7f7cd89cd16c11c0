using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sextant.Embedding;
using Sextant.Hosted.Http;
using Sextant.Hosted.Services;
using Sextant.Hosted.Tokens;
using Sextant.Models;
using Sextant.Tokenizers;

namespace Sextant.Hosted;

/// <summary>Opens hosted models. Those that share a provider share its rate limits.</summary>
internal sealed class HostedModelProvider(HostedModelOptions options) : IModelProvider
{
    /// <summary>The name under which traces and metrics are published.</summary>
    internal const string TelemetrySource = "Sextant.Hosted";

    private readonly ConcurrentDictionary<string, RateGate> _gates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _probed = new(StringComparer.Ordinal);
    private readonly ILogger _logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger(TelemetrySource);

    public bool Handles(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return HostedModelName.Matches(name);
    }

    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default) =>
        OpenAsync(name, null, cancellationToken);

    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        string name,
        int? dimensions,
        CancellationToken cancellationToken = default
    )
    {
        HostedModelName parsed = HostedModelName.Parse(name);
        RequireEmbeddingModel(parsed);
        HostedModelFacts facts = HostedModelFacts.Find(parsed);
        (string? key, Uri address, HttpClient http, RateGate gate) = Connect(parsed, facts.Provider, keepsAnswers: true);
        try
        {
            IEmbeddingService service = HostedServices.Create(parsed, address, key, http);
            int? request = facts.Request(dimensions);
            int length = request ?? facts.Dimensions ?? await ProbeAsync(service, parsed, address, cancellationToken).ConfigureAwait(false);
            var model = new HostedModel
            {
                Name = parsed,
                Address = address,
                Options = options,
                Logger = _logger,
                RequestDimensions = request,
                Counter = Counter(facts),
                UsdPerMillionTokens = facts.UsdPerMillionTokens,
                Entry = facts.Entry,
                Limits = new EmbeddingLimits
                {
                    MaxTexts = facts.Provider.MaxTexts,
                    MaxTokens = facts.MaxRequestTokens,
                    MaxConcurrency = options.Concurrency ?? facts.Provider.Concurrency,
                },
                Profile = new ModelProfile
                {
                    Name = name,
                    Provider = parsed.Provider,
                    Dimensions = length,
                    MaxTokens = facts.Entry?.MaxTokens,
                    QueryPrompt = facts.Entry?.QueryPrompt ?? "",
                    DocumentPrompt = facts.Entry?.DocumentPrompt ?? "",
                    MatryoshkaDimensions = facts.Entry?.MatryoshkaDimensions ?? [],
                },
            };
            return new HostedEmbeddingGenerator(model, service, gate, http)
                .AsBuilder()
                .UseOpenTelemetry(sourceName: TelemetrySource)
                .Build();
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    public async Task<IReranker?> OpenRerankerAsync(string name, CancellationToken cancellationToken = default)
    {
        HostedModelName parsed = HostedModelName.Parse(name);
        // Counting only does not need the server: its price is unknown for either kind of model.
        bool isServer = parsed.Provider == "http" && !options.CountOnly;
        if (!isServer && !RerankerFacts.IsReranker(parsed))
        {
            return null;
        }

        ProviderFacts facts = HostedModelFacts.OfProvider(parsed.Provider);
        HostedConnection connection = Connect(parsed, facts, keepsAnswers: false);
        try
        {
            IReranker? reranker = isServer
                ? await OpenTeiAsync(parsed, facts, connection, cancellationToken).ConfigureAwait(false)
                : Rerank(
                    parsed,
                    facts,
                    RerankerFacts.Find(parsed),
                    ScoreKind.Relevance,
                    connection,
                    RerankServices.Create(parsed, connection.Address, connection.Key, connection.Http)
                );
            if (reranker is null)
            {
                connection.Http.Dispose();
            }

            return reranker;
        }
        catch
        {
            connection.Http.Dispose();
            throw;
        }
    }

    /// <summary>A server of text-embeddings-inference that runs a reranker; <see langword="null"/> for any other server.</summary>
    private async Task<IReranker?> OpenTeiAsync(
        HostedModelName name,
        ProviderFacts facts,
        HostedConnection connection,
        CancellationToken cancellationToken
    )
    {
        Uri root = TeiInfo.Root(connection.Address);
        TeiInfo? info = await TeiInfo.GetAsync(connection.Http, root, connection.Key, name, cancellationToken).ConfigureAwait(false);
        return info is not { IsReranker: true }
            ? null
            : Rerank(
                name,
                facts,
                new RerankerFacts(info.MaxTexts, long.MaxValue, info.MaxTokens, new RerankPrice(facts.UsdPerMillionTokens, null)),
                ScoreKind.Probability,
                connection,
                new TeiRerankService(connection.Http, root, connection.Key, name)
            );
    }

    private HostedReranker Rerank(
        HostedModelName name,
        ProviderFacts provider,
        RerankerFacts facts,
        ScoreKind kind,
        HostedConnection connection,
        IRerankService service
    ) =>
        new(
            new HostedRerankerModel
            {
                Name = name,
                Address = connection.Address,
                Options = options,
                Logger = _logger,
                Facts = facts,
                Counter = new EstimatedTokenCounter(),
                Concurrency = options.Concurrency ?? provider.Concurrency,
                Profile = new RerankerProfile
                {
                    Name = name.Full,
                    Provider = name.Provider,
                    ScoreKind = kind,
                    MaxTokens = facts.MaxTokens,
                },
            },
            service,
            connection.Gate,
            connection.Http
        );

    private static void RequireEmbeddingModel(HostedModelName name)
    {
        if (RerankerFacts.IsReranker(name))
        {
            throw new InputException($"{name.Full} is a reranker, not an embedding model; use it to rerank search results");
        }

        if (name.Provider == "jina")
        {
            throw new InputException(
                $"{name.Full}: jina: names Jina's rerankers, for example jina:jina-reranker-v3; "
                    + $"for its embedding models use https://api.jina.ai/v1#{name.Model}, with the key in {Settings.CompatibleKey}"
            );
        }
    }

    private HostedConnection Connect(HostedModelName name, ProviderFacts facts, bool keepsAnswers)
    {
        string? key = Settings.Key(name, options);
        Uri address = Settings.Address(name, options, key);
        TimeSpan timeout = options.Timeout ?? TimeSpan.FromSeconds(facts.TimeoutSeconds);
        RateGate gate = _gates.GetOrAdd($"{name.Provider} {address} {name.Model}", _ => new RateGate(options, _logger, name.Full));
        return new HostedConnection(
            key,
            address,
            HostedHttp.Create(name, address, key, options, timeout, gate, _logger, keepsAnswers),
            gate
        );
    }

    /// <summary>The length of the vectors of a model that is not in the table: only its server knows. Asked once a process.</summary>
    private async Task<int> ProbeAsync(IEmbeddingService service, HostedModelName name, Uri address, CancellationToken cancellationToken)
    {
        string model = $"{name.Full} {address}";
        if (_probed.TryGetValue(model, out int known))
        {
            return known;
        }

        if (options.CountOnly)
        {
            return 1;
        }

        ServiceVectors answer = await service
            .EmbedAsync(["dimensions"], EmbeddingRole.Document, null, cancellationToken)
            .ConfigureAwait(false);
        return answer.Vectors is [{ Length: > 0 and <= 65_536 } vector, ..]
            ? _probed.GetOrAdd(model, vector.Length)
            : throw new SextantException($"{name.Full}: {address.Authority} returned no vector for a text; is it an embedding model?");
    }

    private static ITokenCounter Counter(HostedModelFacts facts) =>
        (facts.Tokenizer, facts.Provider.Tokenizer) switch
        {
            ({ } own, _) => new TiktokenCounter(own, isExact: true),
            (null, { } likely) => new TiktokenCounter(likely, isExact: false),
            _ => new EstimatedTokenCounter(),
        };

    /// <summary>How a service is reached.</summary>
    private sealed record HostedConnection(string? Key, Uri Address, HttpClient Http, RateGate Gate);
}
