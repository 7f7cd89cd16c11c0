namespace Sextant.Tokenizers.TokenModels;

/// <summary>A trie over UTF-16 units: one hash table from (node, unit) to node, which is small and needs no node objects.</summary>
internal sealed class CharTrie
{
    public const int Root = 0;

    private readonly Dictionary<long, int> _steps = [];
    private readonly List<int> _values = [-1];

    public void Add(ReadOnlySpan<char> key, int value)
    {
        int node = Root;
        foreach (char c in key)
        {
            if (!_steps.TryGetValue(Key(node, c), out int next))
            {
                next = _values.Count;
                _values.Add(-1);
                _steps.Add(Key(node, c), next);
            }

            node = next;
        }

        _values[node] = value;
    }

    /// <summary>The node after <paramref name="c"/>; -1 if no such node exists.</summary>
    public int Step(int node, char c) => _steps.TryGetValue(Key(node, c), out int next) ? next : -1;

    /// <summary>The value of the key that ends here; -1 when none does.</summary>
    public int Value(int node) => _values[node];

    private static long Key(int node, char c) => ((long)node << 16) | c;
}
