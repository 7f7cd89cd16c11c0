namespace Sextant.Hosted.Services;

/// <summary>Answers that say which text they belong to: servers give them in the order in which they finish, or by score.</summary>
internal static class IndexedAnswers
{
    /// <summary>
    /// The results in the order of their texts. Too few or too many are returned unchanged; the caller checks the count.
    /// </summary>
    /// <exception cref="FormatException">The indexes are not those of the texts.</exception>
    public static IReadOnlyList<T> InOrder<T>(IReadOnlyList<(int Index, T Value)> answers, int texts)
    {
        if (answers.Count != texts)
        {
            return [.. answers.Select(static answer => answer.Value)];
        }

        var ordered = new T[texts];
        bool[] seen = new bool[texts];
        foreach ((int index, T value) in answers)
        {
            if ((uint)index >= (uint)texts || seen[index])
            {
                throw new FormatException($"text {index} does not exist, or has two results");
            }

            (ordered[index], seen[index]) = (value, true);
        }

        return ordered;
    }
}
