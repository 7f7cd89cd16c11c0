namespace Sextant.Onnx.Inference;

/// <summary>
/// What one caller asked for at once. Its texts are handed out the longest first, so that each round gets texts of like length.
/// </summary>
internal sealed class EncodingRequest
{
    private readonly EncodedText[] _texts;
    private readonly CancellationToken _cancellationToken;

    // The callers' continuations must not run on the thread that feeds the graph.
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;
    private int _left;

    public EncodingRequest(IEnumerable<EncodedText> texts, CancellationToken cancellationToken)
    {
        _texts = [.. texts.OrderByDescending(static text => text.Ids.Length)];
        _left = _texts.Length;
        _cancellationToken = cancellationToken;
        foreach (EncodedText text in _texts)
        {
            text.Request = this;
        }
    }

    public Task Completion => _completion.Task;

    /// <summary>Whether all texts are assigned, or the request is no longer awaited.</summary>
    public bool IsExhausted => _next == _texts.Length || IsOver;

    /// <summary>Whether the caller has a result, or has canceled.</summary>
    public bool IsOver
    {
        get
        {
            if (_cancellationToken.IsCancellationRequested)
            {
                _completion.TrySetCanceled(_cancellationToken);
            }

            return _completion.Task.IsCompleted;
        }
    }

    /// <summary>The next texts, at most <paramref name="count"/>.</summary>
    public ArraySegment<EncodedText> Take(int count)
    {
        var slice = new ArraySegment<EncodedText>(_texts, _next, Math.Min(count, _texts.Length - _next));
        _next += slice.Count;
        return slice;
    }

    /// <summary>One text has its vector.</summary>
    public void CountDown()
    {
        if (--_left == 0)
        {
            _completion.TrySetResult();
        }
    }

    public void Fail(Exception e) => _completion.TrySetException(e);
}
