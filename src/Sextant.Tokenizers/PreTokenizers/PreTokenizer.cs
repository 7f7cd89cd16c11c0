namespace Sextant.Tokenizers.PreTokenizers;

/// <summary>A part of a text before it reaches the model.</summary>
/// <param name="Text">The whole string that contains the part.</param>
/// <param name="Start">The start of the part.</param>
/// <param name="Length">The number of UTF-16 units.</param>
/// <param name="First">Whether it is the start of the user's text.</param>
internal readonly record struct Piece(string Text, int Start, int Length, bool First)
{
    public ReadOnlySpan<char> Span => Text.AsSpan(Start, Length);

    public Piece Part(int start, int length) => new(Text, Start + start, length, First && start == 0);

    /// <summary>The same piece, saying something else.</summary>
    public Piece WithText(string text) => new(text, 0, text.Length, First);
}

/// <summary>Cuts text into the words that the model then takes apart one by one. Thread-safe.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Appends the parts of <paramref name="piece"/>; none is empty.</summary>
    public abstract void Split(Piece piece, List<Piece> into);
}

/// <summary>Several, each cutting what the one before it left.</summary>
internal sealed class PreTokenizerSequence(IReadOnlyList<PreTokenizer> steps) : PreTokenizer
{
    public override void Split(Piece piece, List<Piece> into)
    {
        List<Piece> current = [piece];
        foreach (PreTokenizer step in steps)
        {
            var next = new List<Piece>(current.Count);
            foreach (Piece part in current)
            {
                step.Split(part, next);
            }

            current = next;
        }

        into.AddRange(current);
    }
}
