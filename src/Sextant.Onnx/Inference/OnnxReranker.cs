using Sextant.Embedding;

namespace Sextant.Onnx.Inference;

/// <summary>A <see cref="PairEncoder"/> as a reranker. Thread-safe: callers share the graph and are batched together.</summary>
internal sealed class OnnxReranker(PairEncoder encoder, RerankerProfile profile) : IReranker
{
    private readonly SharedGraph _shared = new(encoder.Run, encoder.MaxPairs);

    public RerankerProfile Profile => profile;

    public async Task<IReadOnlyList<float>> ScoreAsync(
        string query,
        IReadOnlyList<string> documents,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(documents);
        cancellationToken.ThrowIfCancellationRequested();
        // The caller may be a user interface's thread.
        EncodedText[] pairs = await Task.Run(() => Join(query, documents), cancellationToken).ConfigureAwait(false);
        await _shared.RunAsync(pairs, cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(pairs, pair => Score(pair.Vector[0]));
    }

    public void Dispose()
    {
        _shared.Dispose();
        encoder.Dispose();
    }

    private EncodedText[] Join(string query, IReadOnlyList<string> documents)
    {
        int[] tokens = encoder.Tokenize(query);
        return
        [
            .. documents.Select(
                (document, i) => encoder.Join(tokens, document ?? throw new ArgumentException($"Document {i} is null.", nameof(documents)))
            ),
        ];
    }

    private float Score(float logit) =>
        !float.IsFinite(logit) ? throw new SextantException($"{profile.Name}: the graph returned a score that is not finite")
        : profile.ScoreKind == ScoreKind.Probability ? (float)(1 / (1 + Math.Exp(-logit)))
        : logit;
}
