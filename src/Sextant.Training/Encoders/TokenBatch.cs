namespace Sextant.Training.Encoders;

/// <summary>The token ids of some texts, one after the other.</summary>
internal sealed class TokenBatch
{
    private readonly List<int> _tokens = [];
    private readonly List<int> _ends = [0];

    public int Count => _ends.Count - 1;

    public ReadOnlySpan<int> this[int text] =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tokens)[_ends[text].._ends[text + 1]];

    public void Add(ReadOnlySpan<int> tokens)
    {
        _tokens.AddRange(tokens);
        _ends.Add(_tokens.Count);
    }
}
