using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sextant.Server.Api.Documents;
using Sextant.Server.Keys;

namespace Sextant.Server.Http;

/// <summary>
/// Answers to requests that carried an <c>Idempotency-Key</c>: sent again, the same request gets the same answer and is not carried out
/// twice. A key belongs to one client and one incarnation of a collection: a collection that is deleted and made again has no keys.
/// Kept in memory for a day; after a restart a repeated request is carried out again, and since documents are written by id,
/// it leaves the collection as the first did.
/// </summary>
/// <remarks>
/// The work belongs to all requests that wait for it, and stops when the last of them has left. A request that finds work that was given
/// up waits for how it ends, and does it again itself unless it succeeded after all.
/// </remarks>
internal sealed class IdempotentAnswers(TimeProvider time)
{
    private const string Header = "Idempotency-Key";
    private const int MaxKeyLength = 255;
    private const int MostKept = 10_000;

    /// <summary>An answer lists ids, so that what bounds the memory is their length: 64 MiB of UTF-16.</summary>
    private const long MostCharacters = 32L << 20;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<AttemptKey, Attempt> _attempts = [];
    private readonly Queue<(AttemptKey Key, Attempt Attempt, DateTimeOffset Since)> _answered = [];
    private long _characters;

    /// <summary>Runs <paramref name="work"/>, unless this request was answered before or is in progress.</summary>
    /// <param name="request">The request with its key.</param>
    /// <param name="incarnation">Returns the incarnation of the target collection; called only if the request has a key.</param>
    /// <param name="content">The content of the request; a key belongs to one content.</param>
    /// <param name="work">Does the work; reads all its input before its first await.</param>
    /// <param name="cancellationToken">Cancels the waiting of this request.</param>
    /// <exception cref="ServiceException">The key is too long, or was used with another content.</exception>
    public async Task<DocumentsAdded> GetAsync(
        HttpRequest request,
        Func<CancellationToken, Task<string>> incarnation,
        List<DocumentInput> content,
        Func<CancellationToken, Task<DocumentsAdded>> work,
        CancellationToken cancellationToken
    )
    {
        string? written = request.Headers[Header];
        if (string.IsNullOrEmpty(written))
            return await work(cancellationToken);
        if (written.Length > MaxKeyLength)
            throw ServiceException.BadRequest($"The {Header} is longer than {MaxKeyLength} characters.", Header);

        AttemptKey key = new(await incarnation(cancellationToken), Caller.ClientOf(request.HttpContext), written);
        string hash = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, ServerJson.Options)));
        while (true)
        {
            (Attempt attempt, bool own, bool wasGivenUp) = Join(key, hash);
            if (own)
                _ = CarryOutAsync(key, attempt, work);
            else
                request.HttpContext.Response.Headers["Idempotent-Replayed"] = "true";
            try
            {
                return await attempt.Outcome.WaitAsync(cancellationToken);
            }
            catch when (wasGivenUp && !cancellationToken.IsCancellationRequested)
            {
                request.HttpContext.Response.Headers.Remove("Idempotent-Replayed");
            }
            finally
            {
                Leave(attempt);
            }
        }
    }

    private (Attempt Attempt, bool Own, bool WasGivenUp) Join(AttemptKey key, string hash)
    {
        lock (_lock)
        {
            Forget();
            bool own = !_attempts.TryGetValue(key, out Attempt? attempt);
            if (own)
            {
                _attempts.Add(key, attempt = new(hash, new()));
            }
            else if (attempt!.Hash != hash)
            {
                throw new ServiceException(
                    422,
                    $"This {Header} was used with another body; use a new one.",
                    Header,
                    "idempotency_key_reused"
                );
            }

            attempt!.Waiting++;
            return (attempt, own, attempt.IsGivenUp);
        }
    }

    private void Leave(Attempt attempt)
    {
        lock (_lock)
        {
            if (--attempt.Waiting > 0 || attempt.Outcome.IsCompleted)
                return;
            attempt.IsGivenUp = true;
        }

        attempt.Stop();
    }

    private async Task CarryOutAsync(AttemptKey key, Attempt attempt, Func<CancellationToken, Task<DocumentsAdded>> work)
    {
        try
        {
            DocumentsAdded answer = await work(attempt.Stopped);
            lock (_lock)
            {
                attempt.Characters = answer.Ids.Sum(static id => (long)id.Length);
                _characters += attempt.Characters;
                _answered.Enqueue((key, attempt, time.GetUtcNow()));
                attempt.Succeed(answer);
                Forget();
            }
        }
        catch (Exception e)
        {
            // A failed request has changed nothing, and may be retried.
            lock (_lock)
            {
                _attempts.Remove(key);
                attempt.Fail(e);
            }
        }
    }

    private void Forget()
    {
        while (
            _answered.TryPeek(out (AttemptKey Key, Attempt Attempt, DateTimeOffset Since) oldest)
            && (_answered.Count > MostKept || _characters > MostCharacters || time.GetUtcNow() - oldest.Since > Kept)
        )
        {
            _answered.Dequeue();
            _attempts.Remove(oldest.Key);
            _characters -= oldest.Attempt.Characters;
        }
    }

    private readonly record struct AttemptKey(string Incarnation, string Client, string Written);

    /// <summary>One piece of work and what came of it. The counts are read and written under the lock.</summary>
    /// <param name="hash">Of the content.</param>
    /// <param name="stop">Stops the work. Without a timer it holds nothing that would have to be disposed.</param>
    private sealed class Attempt(string hash, CancellationTokenSource stop)
    {
        private readonly TaskCompletionSource<DocumentsAdded> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Hash => hash;

        public Task<DocumentsAdded> Outcome => _outcome.Task;

        public CancellationToken Stopped => stop.Token;

        public int Waiting { get; set; }

        public bool IsGivenUp { get; set; }

        public long Characters { get; set; }

        public void Stop() => stop.Cancel();

        public void Succeed(DocumentsAdded answer) => _outcome.SetResult(answer);

        public void Fail(Exception error)
        {
            _outcome.SetException(error);
            // If all requests have been canceled, no other code observes the exception.
            _ = _outcome.Task.Exception;
        }
    }
}
