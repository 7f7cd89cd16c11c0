using System.Runtime.InteropServices;

namespace Sextant.Training.Encoders;

/// <summary>Lists of integers, one for each row, in one piece of memory (compressed sparse rows).</summary>
internal sealed class Links
{
    private readonly List<int> _targets;
    private readonly List<int> _ends;

    public Links() => (_targets, _ends) = ([], [0]);

    private Links(List<int> targets, List<int> ends) => (_targets, _ends) = (targets, ends);

    /// <summary>How many rows there are.</summary>
    public int Count => _ends.Count - 1;

    public ReadOnlySpan<int> this[int row] => CollectionsMarshal.AsSpan(_targets)[_ends[row].._ends[row + 1]];

    public void Add(int target) => _targets.Add(target);

    public void EndRow() => _ends.Add(_targets.Count);

    /// <summary>For each target the rows that lead to it, in ascending order.</summary>
    /// <param name="targets">One more than the highest target.</param>
    public Links Reverse(int targets)
    {
        int[] ends = new int[targets + 1];
        foreach (int target in _targets)
        {
            ends[target + 1]++;
        }

        for (int i = 0; i < targets; i++)
        {
            ends[i + 1] += ends[i];
        }

        int[] next = [.. ends], sources = new int[_targets.Count];
        for (int row = 0; row < Count; row++)
        {
            foreach (int target in this[row])
            {
                sources[next[target]++] = row;
            }
        }

        return new Links([.. sources], [.. ends]);
    }
}
