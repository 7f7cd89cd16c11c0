using System.Runtime.InteropServices;

namespace Sextant.Training.Encoders;

/// <summary>Lists of integers, one for each row, in one piece of memory (compressed sparse rows).</summary>
internal sealed class Links
{
    private readonly List<int> _targets;
    private readonly List<int> _ends;
    private readonly List<float>? _weights;

    /// <param name="weighted">Whether every link has a weight.</param>
    public Links(bool weighted = false) => (_targets, _ends, _weights) = ([], [0], weighted ? [] : null);

    private Links(List<int> targets, List<int> ends, List<float>? weights) => (_targets, _ends, _weights) = (targets, ends, weights);

    /// <summary>The number of rows.</summary>
    public int Count => _ends.Count - 1;

    public ReadOnlySpan<int> this[int row] => CollectionsMarshal.AsSpan(_targets)[_ends[row].._ends[row + 1]];

    /// <summary>The weights of a row's links; empty where they have none.</summary>
    public ReadOnlySpan<float> Weights(int row) => _weights is null ? [] : CollectionsMarshal.AsSpan(_weights)[_ends[row].._ends[row + 1]];

    public void Add(int target, float weight = 1)
    {
        _targets.Add(target);
        _weights?.Add(weight);
    }

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

        int[] next = [.. ends],
            sources = new int[_targets.Count];
        float[]? weights = _weights is null ? null : new float[_targets.Count];
        for (int row = 0; row < Count; row++)
        {
            for (int i = _ends[row]; i < _ends[row + 1]; i++)
            {
                int place = next[_targets[i]]++;
                sources[place] = row;
                if (weights is not null)
                {
                    weights[place] = _weights![i];
                }
            }
        }

        return new Links([.. sources], [.. ends], weights is null ? null : [.. weights]);
    }
}
