using System.Numerics;

namespace Sextant.Index.Traversal;

/// <summary>
/// The nodes that a filter lets through, a bit each: small enough to stay in the cache while the graph is walked. Where they are so few
/// that most words hold none, their numbers too.
/// </summary>
internal sealed class NodeSet
{
    private readonly ulong[] _bits;
    private int[]? _few;

    private NodeSet(int nodes, long additions) => (_bits, Additions) = (new ulong[(nodes + 63) / 64], additions);

    /// <summary>How many additions the index had seen when the set was made: after another one it may lack a node.</summary>
    public long Additions { get; }

    public int Count { get; private set; }

    /// <summary>The set of <paramref name="members"/> among the first <paramref name="nodes"/>.</summary>
    public static NodeSet Create(IEnumerable<int> members, int nodes, long additions)
    {
        NodeSet set = new(nodes, additions);
        foreach (int node in members)
        {
            // Added since the nodes were counted; a search that starts after the addition builds a new set.
            if (node >= nodes)
                continue;
            set._bits[node >> 6] |= 1UL << (node & 63);
            set.Count++;
        }

        if (set.Count < set._bits.Length)
            set._few = [.. set.FromBits()];
        return set;
    }

    public bool Contains(int node) => (uint)(node >> 6) < (uint)_bits.Length && ((_bits[node >> 6] >> (node & 63)) & 1) != 0;

    /// <summary>The members in the order of their numbers.</summary>
    public IEnumerable<int> Members => _few ?? FromBits();

    /// <summary>Copies the next members in the order of their numbers, 64 of them at a time or more.</summary>
    /// <param name="at">The position to continue from; 0 at first.</param>
    /// <param name="members">A buffer for 64 or more.</param>
    /// <returns>The number copied; 0 at the end.</returns>
    public int Next(ref int at, Span<int> members)
    {
        int found = 0;
        if (_few is { } few)
        {
            found = Math.Min(few.Length - at, members.Length);
            few.AsSpan(at, found).CopyTo(members);
            at += found;
            return found;
        }

        for (; at < _bits.Length && found + 64 <= members.Length; at++)
        {
            for (ulong bits = _bits[at]; bits != 0; bits &= bits - 1)
                members[found++] = (at << 6) + BitOperations.TrailingZeroCount(bits);
        }

        return found;
    }

    private IEnumerable<int> FromBits()
    {
        for (int word = 0; word < _bits.Length; word++)
        {
            for (ulong bits = _bits[word]; bits != 0; bits &= bits - 1)
                yield return (word << 6) + BitOperations.TrailingZeroCount(bits);
        }
    }
}
