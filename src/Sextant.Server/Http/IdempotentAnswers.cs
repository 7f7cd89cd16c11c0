using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sextant.Server.Api;

namespace Sextant.Server.Http;

/// <summary>
/// Answers to requests that carried an <c>Idempotency-Key</c>: sent again, the same request gets the same answer and is not carried out
/// twice. Kept in memory for a day; after a restart a repeated request is carried out again, and since documents are written by id,
/// it leaves the collection as the first did.
/// </summary>
internal sealed class IdempotentAnswers(TimeProvider time)
{
    private const string Header = "Idempotency-Key";
    private const int MaxKeyLength = 255;
    private const int MostKept = 10_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Key, Answer Answer)> _inOrder = [];

    /// <summary>Carries out <paramref name="work"/>, unless this request was answered before.</summary>
    public async Task<DocumentsAdded> GetAsync(HttpRequest request, List<DocumentInput> content, Func<Task<DocumentsAdded>> work)
    {
        string? written = request.Headers[Header];
        if (string.IsNullOrEmpty(written)) return await work();
        if (written.Length > MaxKeyLength) throw ServiceException.BadRequest($"The {Header} is longer than {MaxKeyLength} characters.", Header);

        string key = $"{ApiKeys.ClientOf(request.HttpContext)}\n{request.Path}\n{written}";
        string hash = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, ServerJson.Options)));
        Answer own = new(hash, new(work), time.GetUtcNow());
        Answer answer = _answers.GetOrAdd(key, own);
        if (answer.Hash != hash)
            throw new ServiceException(422, $"This {Header} was used with another body; use a new one.", Header, "idempotency_key_reused");
        if (answer != own) request.HttpContext.Response.Headers["Idempotent-Replayed"] = "true";
        else Keep(key, own);
        try
        {
            return await answer.Result.Value;
        }
        catch
        {
            // What failed has changed nothing, and may be tried again.
            _answers.TryRemove(new(key, answer));
            throw;
        }
    }

    private void Keep(string key, Answer own)
    {
        _inOrder.Enqueue((key, own));
        while (_inOrder.TryPeek(out var oldest) && (_inOrder.Count > MostKept || time.GetUtcNow() - oldest.Answer.Began > Kept))
            if (_inOrder.TryDequeue(out var gone)) _answers.TryRemove(new(gone.Key, gone.Answer));
    }

    private sealed record Answer(string Hash, Lazy<Task<DocumentsAdded>> Result, DateTimeOffset Began);
}
