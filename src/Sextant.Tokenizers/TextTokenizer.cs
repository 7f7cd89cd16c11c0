namespace Sextant.Tokenizers;

/// <summary>Cuts text into the ids of one vocabulary, special tokens around the text left out. Thread-safe.</summary>
public abstract class TextTokenizer : ITokenCounter
{
    [ThreadStatic]
    private static List<int>? Scratch;

    /// <inheritdoc />
    public bool IsExact => true;

    /// <summary>The id of the unknown token; -1 when the vocabulary has none.</summary>
    public abstract int UnknownId { get; }

    /// <summary>The highest id that can come out.</summary>
    public abstract int MaxId { get; }

    /// <summary>Appends the ids of <paramref name="text"/> to <paramref name="ids"/>.</summary>
    public abstract void Encode(ReadOnlySpan<char> text, List<int> ids);

    /// <inheritdoc />
    public int Count(ReadOnlySpan<char> text)
    {
        List<int> ids = Scratch ??= [];
        ids.Clear();
        Encode(text, ids);
        int count = ids.Count;
        if (ids.Capacity > 1 << 16)
        {
            Scratch = null;
        }

        return count;
    }
}
