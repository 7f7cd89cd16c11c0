namespace Sextant.Hosted.Services;

/// <summary>Answers whose vectors say which text they belong to: servers give them in the order in which they finish.</summary>
internal static class IndexedVectors
{
    /// <summary>
    /// The vectors in the order of their texts. Too few or too many are given back as they are, for whoever asked to count.
    /// </summary>
    /// <exception cref="FormatException">The indexes are not those of the texts.</exception>
    public static IReadOnlyList<ReadOnlyMemory<float>> InOrder(IReadOnlyList<(int Index, ReadOnlyMemory<float> Vector)> answered, int texts)
    {
        if (answered.Count != texts)
        {
            return [.. answered.Select(static item => item.Vector)];
        }

        var vectors = new ReadOnlyMemory<float>?[texts];
        foreach ((int index, ReadOnlyMemory<float> vector) in answered)
        {
            if ((uint)index >= (uint)texts || vectors[index] is not null)
            {
                throw new FormatException($"there is no text {index}, or it has two vectors");
            }

            vectors[index] = vector;
        }

        return [.. vectors.Select(static vector => vector!.Value)];
    }
}
