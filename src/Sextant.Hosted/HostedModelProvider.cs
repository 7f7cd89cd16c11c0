using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sextant.Embedding;
using Sextant.Hosted.Http;
using Sextant.Hosted.Services;
using Sextant.Hosted.Tokens;
using Sextant.Models;
using Sextant.Text;

namespace Sextant.Hosted;

/// <summary>Opens hosted models. Those that share a provider share its rate limits.</summary>
internal sealed class HostedModelProvider(HostedModelOptions options) : IModelProvider
{
    /// <summary>The name under which traces and metrics are published.</summary>
    internal const string TelemetrySource = "Sextant.Hosted";

    private readonly ConcurrentDictionary<string, RateGate> _gates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _probed = new(StringComparer.Ordinal);
    private readonly ILoggerFactory _loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;

    public bool Handles(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return HostedModelName.Matches(name);
    }

    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default) =>
        OpenAsync(name, null, cancellationToken);

    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, int? dimensions, CancellationToken cancellationToken = default)
    {
        HostedModelName parsed = HostedModelName.Parse(name);
        HostedModelFacts facts = HostedModelFacts.Of(parsed);
        string? key = Settings.Key(parsed, options);
        Uri address = Settings.Address(parsed, options, key);
        ILogger logger = _loggers.CreateLogger(TelemetrySource);
        TimeSpan timeout = options.Timeout ?? TimeSpan.FromSeconds(facts.Provider.TimeoutSeconds);
        RateGate gate = _gates.GetOrAdd($"{parsed.Provider} {address} {parsed.Model}", _ => new RateGate(options, logger, name));
        HttpClient http = HostedHttp.Create(parsed, address, key, options, timeout, gate, logger);
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
                Logger = logger,
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
                .AsBuilder().UseOpenTelemetry(sourceName: TelemetrySource).Build();
        }
        catch
        {
            http.Dispose();
            throw;
        }
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

        ServiceVectors answer = await service.EmbedAsync(["dimensions"], EmbeddingRole.Document, null, cancellationToken).ConfigureAwait(false);
        return answer.Vectors is [{ Length: > 0 and <= 65_536 } vector, ..]
            ? _probed.GetOrAdd(model, vector.Length)
            : throw new SextantException($"{name.Full}: {address.Authority} gave no vector for a text; is it a model for embeddings?");
    }

    private static ITokenCounter Counter(HostedModelFacts facts) => (facts.Tokenizer, facts.Provider.Tokenizer) switch
    {
        ({ } own, _) => new TiktokenCounter(own, isExact: true),
        (null, { } likely) => new TiktokenCounter(likely, isExact: false),
        _ => new EstimatedTokenCounter(),
    };
}
