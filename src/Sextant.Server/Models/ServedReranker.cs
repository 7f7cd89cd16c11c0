using Sextant.Embedding;
using Sextant.Server.Usage;

namespace Sextant.Server.Models;

/// <summary>
/// A reranker that searches may name. A local cross-encoder uses all cores for one query, so queries take turns; a hosted reranker has its
/// own limits, and an embedding model its own queue.
/// </summary>
/// <param name="name">Its name for clients.</param>
/// <param name="reranker">Disposed with this.</param>
/// <param name="takesTurns">Whether it scores for one query at a time.</param>
/// <param name="ledger">Counts its use; <see langword="null"/> for an embedding model, whose texts are counted already.</param>
internal sealed class ServedReranker(string name, IReranker reranker, bool takesTurns, UsageLedger? ledger) : IReranker
{
    private readonly SemaphoreSlim? _turn = takesTurns ? new(1, 1) : null;
    private int _waiting;
    private long _documents;

    public string Name => name;

    public RerankerProfile Profile => reranker.Profile;

    /// <summary>How many queries wait for their turn.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How many documents it has scored.</summary>
    public long Documents => Interlocked.Read(ref _documents);

    public async Task<IReadOnlyList<float>> ScoreAsync(
        string query,
        IReadOnlyList<string> documents,
        CancellationToken cancellationToken = default
    )
    {
        decimal? usd = ledger is null ? 0 : await reranker.EstimateCostAsync(query, documents, cancellationToken);
        ledger?.Require(name, usd != 0, usd is not null);
        await TakeTurnAsync(cancellationToken);
        try
        {
            IReadOnlyList<float> scores = await reranker.ScoreAsync(query, documents, cancellationToken);
            Interlocked.Add(ref _documents, documents.Count);
            ledger?.Add(name, tokens: 0, documents.Count, usd ?? 0);
            return scores;
        }
        finally
        {
            _turn?.Release();
        }
    }

    public Task<decimal?> EstimateCostAsync(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken = default) =>
        reranker.EstimateCostAsync(query, documents, cancellationToken);

    public void Dispose()
    {
        reranker.Dispose();
        _turn?.Dispose();
    }

    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (_turn is null)
            return;
        Interlocked.Increment(ref _waiting);
        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
