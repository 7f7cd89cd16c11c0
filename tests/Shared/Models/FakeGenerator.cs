using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Sextant.Embedding;
using Sextant.Tokenizers;

namespace Sextant.Tests.Shared.Models;

/// <summary>A model whose vectors are a function of the texts, and which records its requests.</summary>
internal sealed class FakeGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    public ModelProfile? Profile { get; init; } =
        new()
        {
            Name = "fake",
            Provider = "test",
            Dimensions = 4,
        };

    public EmbeddingLimits? Limits { get; init; } = new();

    public ITokenCounter? Counter { get; init; }

    /// <summary>The vector of a text; by default it depends on all of its characters and is not normalized.</summary>
    public Func<string, float[]> Embed { get; init; } = VectorOf;

    /// <summary>Runs before each answer.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task> Before { get; init; } = static (_, _) => Task.CompletedTask;

    public ConcurrentQueue<(string[] Texts, EmbeddingGenerationOptions? Options)> Requests { get; } = [];

    public IEnumerable<string> Asked => Requests.SelectMany(static request => request.Texts);

    public bool Disposed { get; private set; }

    public static float[] VectorOf(string text)
    {
        float[] vector = new float[4];
        for (int i = 0; i < text.Length; i++)
        {
            vector[i % 4] += text[i];
        }

        return vector;
    }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        string[] texts = [.. values];
        Requests.Enqueue((texts, options));
        await Before(texts, cancellationToken);
        return new GeneratedEmbeddings<Embedding<float>>(texts.Select(text => new Embedding<float>(Embed(text))))
        {
            Usage = new UsageDetails
            {
                InputTokenCount = texts.Sum(static t => t.Length),
                TotalTokenCount = texts.Sum(static t => t.Length),
            },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ModelProfile) ? Profile
        : serviceType == typeof(EmbeddingLimits) ? Limits
        : serviceType == typeof(ITokenCounter) ? Counter
        : null;

    public void Dispose() => Disposed = true;

    /// <summary>One token a word.</summary>
    internal sealed class WordCounter(bool exact = true) : ITokenCounter
    {
        public bool IsExact => exact;

        public int Count(ReadOnlySpan<char> text)
        {
            int words = 0;
            for (int i = 0; i < text.Length; i++)
            {
                words += !char.IsWhiteSpace(text[i]) && (i == 0 || char.IsWhiteSpace(text[i - 1])) ? 1 : 0;
            }

            return words;
        }
    }

    /// <summary>Records log messages.</summary>
    internal sealed class Log : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        void ILogger.Log<TState>(
            LogLevel level,
            EventId id,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Enqueue(formatter(state, exception));

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose() { }
    }
}
