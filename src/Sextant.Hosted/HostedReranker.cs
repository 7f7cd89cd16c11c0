using System.Globalization;
using Microsoft.Extensions.Logging;
using Sextant.Embedding;
using Sextant.Hosted.Http;
using Sextant.Hosted.Services;

namespace Sextant.Hosted;

/// <summary>
/// A hosted reranker: cuts documents into requests, waits for the rate, sends, splits what the service finds too large, checks what comes
/// back, counts what it used. Thread-safe.
/// </summary>
internal sealed class HostedReranker(HostedRerankerModel model, IRerankService service, RateGate gate, IDisposable connection) : IReranker
{
    // The maximum number of documents per request that the service has been observed to accept.
    private volatile int _maxDocuments = model.Facts.MaxDocuments;

    public RerankerProfile Profile => model.Profile;

    public async Task<IReadOnlyList<float>> ScoreAsync(
        string query,
        IReadOnlyList<string> documents,
        CancellationToken cancellationToken = default
    )
    {
        RerankBatch all = Count(query, documents);
        cancellationToken.ThrowIfCancellationRequested();
        float[] scores = new float[documents.Count];
        await Parallel
            .ForEachAsync(
                Cut(all),
                new ParallelOptions { MaxDegreeOfParallelism = model.Concurrency, CancellationToken = cancellationToken },
                async (batch, stop) => await ScoreAsync(query, documents, batch, scores, stop).ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        return FillBlanks(scores, all.Places);
    }

    public Task<decimal?> EstimateCostAsync(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            Cut(Count(query, documents))
                .Aggregate((decimal?)0, (sum, batch) => sum + model.Facts.Price.Compute(batch.Tokens, batch.Searches))
        );

    public void Dispose() => connection.Dispose();

    /// <summary>The documents that have text: services reject the others.</summary>
    private RerankBatch Count(string query, IReadOnlyList<string> documents)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(documents);
        int[] places = [.. Enumerable.Range(0, documents.Count).Where(i => !string.IsNullOrWhiteSpace(documents[i]))];
        return places.Length == 0 || !string.IsNullOrWhiteSpace(query)
            ? new RerankBatch(places, model.Counter.Count(query), Array.ConvertAll(places, i => model.Counter.Count(documents[i])))
            : throw new InputException($"{model.Name.Full}: the query is empty");
    }

    private IEnumerable<RerankBatch> Cut(RerankBatch all) => RerankBatch.Cut(all, _maxDocuments, model.Facts.MaxRequestTokens);

    private async Task ScoreAsync(
        string query,
        IReadOnlyList<string> documents,
        RerankBatch batch,
        float[] scores,
        CancellationToken cancellationToken
    )
    {
        string[] texts = Array.ConvertAll(batch.Places, place => documents[place]);
        try
        {
            IReadOnlyList<float> answer = await SendAsync(query, texts, batch, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < texts.Length; i++)
            {
                scores[batch.Places[i]] = answer[i];
            }
        }
        catch (ServiceException e) when (e.Kind != RefusalKind.Other && texts.Length > 1)
        {
            model.Logger.LogInformation(
                "{Model}: {Count} documents exceed the request limit; splitting the request in half",
                model.Name.Full,
                texts.Length
            );
            (RerankBatch first, RerankBatch second) = batch.Halve();
            if (e.Kind == RefusalKind.TooManyTexts)
            {
                _maxDocuments = Math.Min(_maxDocuments, first.Places.Length);
            }

            await ScoreAsync(query, documents, first, scores, cancellationToken).ConfigureAwait(false);
            await ScoreAsync(query, documents, second, scores, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends one request and counts what it used.</summary>
    private async Task<IReadOnlyList<float>> SendAsync(string query, string[] texts, RerankBatch batch, CancellationToken cancellationToken)
    {
        long began = model.Options.TimeProvider.GetTimestamp();
        RequestNotes notes = RequestNotes.Begin();
        using IDisposable permit = await gate.EnterAsync(batch.Tokens, cancellationToken).ConfigureAwait(false);
        using var span = new RerankSpan(model);
        try
        {
            ServiceScores answer = await service.ScoreAsync(query, texts, cancellationToken).ConfigureAwait(false);
            RequireScores(answer.Scores, texts, notes);
            long tokens = answer.Tokens ?? batch.Tokens;
            span.Succeed(tokens);
            model.Options.Usage?.Add(tokens, model.Facts.Price.Compute(tokens, answer.Searches ?? batch.Searches));
            model.Logger.LogDebug(
                "{Model}: {Count} documents, {Tokens} tokens, {Milliseconds:0} ms, request {RequestId}",
                model.Name.Full,
                texts.Length,
                tokens,
                model.Options.TimeProvider.GetElapsedTime(began).TotalMilliseconds,
                notes.RequestId ?? "without a name"
            );
            return answer.Scores;
        }
        catch (Exception e)
        {
            span.Fail(e);
            throw;
        }
    }

    private void RequireScores(IReadOnlyList<float> scores, string[] texts, RequestNotes notes)
    {
        if (scores.Count != texts.Length)
        {
            throw Wrong(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{scores.Count} score{(scores.Count == 1 ? "" : "s")} for {texts.Length} document{(texts.Length == 1 ? "" : "s")}"
                )
            );
        }

        for (int i = 0; i < texts.Length; i++)
        {
            if (!float.IsFinite(scores[i]))
            {
                throw Wrong($"a score that is not finite for the document \"{TextStart.Cut(texts[i])}\"");
            }
        }

        SextantException Wrong(string what) =>
            new(
                $"{model.Name.Full}: {model.Address.Authority} returned {what}"
                    + $"{(notes.RequestId is { } id ? $" (request {id})" : "")}; run it again; if it happens again, the server "
                    + $"has a bug"
            );
    }

    /// <summary>A document without text is not relevant: it gets the lowest score of the others.</summary>
    private static float[] FillBlanks(float[] scores, int[] scored)
    {
        if (scored.Length < scores.Length)
        {
            float least = scored.Select(place => scores[place]).Append(0).Min();
            foreach (int blank in Enumerable.Range(0, scores.Length).Except(scored))
            {
                scores[blank] = least;
            }
        }

        return scores;
    }
}
