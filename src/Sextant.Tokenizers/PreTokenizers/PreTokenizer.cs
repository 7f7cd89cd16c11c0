namespace Sextant.Tokenizers.PreTokenizers;

/// <summary>A part of a text on its way to the model.</summary>
/// <param name="Text">Whole string that the part lies in.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">How many UTF-16 units it has.</param>
/// <param name="First">Whether nothing of the user's text stands before it.</param>
internal readonly record struct Piece(string Text, int Start, int Length, bool First)
{
    public ReadOnlySpan<char> Span => Text.AsSpan(Start, Length);

    public Piece Part(int start, int length) => new(Text, Start + start, length, First && start == 0);

    /// <summary>The same piece, saying something else.</summary>
    public Piece With(string text) => new(text, 0, text.Length, First);
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
