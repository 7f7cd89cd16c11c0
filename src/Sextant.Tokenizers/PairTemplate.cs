namespace Sextant.Tokenizers;

/// <summary>
/// The template that combines two texts into one sequence: the special tokens around and between them, and the type of each token, with
/// which BERT distinguishes the texts.
/// </summary>
public sealed class PairTemplate
{
    private readonly PairPiece[] _pieces;

    /// <summary>Creates a template.</summary>
    /// <param name="pieces">With each of the two texts once.</param>
    /// <exception cref="FormatException">A text is missing or occurs twice.</exception>
    public PairTemplate(params PairPiece[] pieces)
    {
        _pieces = pieces;
        if (pieces.Count(static p => p.Part == PairPart.First) != 1 || pieces.Count(static p => p.Part == PairPart.Second) != 1)
        {
            throw new FormatException("its template of two texts does not have each of them once");
        }

        SpecialCount = pieces.Sum(static p => p.Ids.Length);
    }

    /// <summary>How many special tokens it adds.</summary>
    public int SpecialCount { get; }

    /// <summary>BERT's: <c>[CLS] first [SEP] second [SEP]</c>, everything after the first <c>[SEP]</c> of type 1.</summary>
    public static PairTemplate Bert(int cls, int sep) =>
        new(
            PairPiece.Special(cls),
            PairPiece.Text(PairPart.First),
            PairPiece.Special(sep),
            PairPiece.Text(PairPart.Second, 1),
            PairPiece.Special(sep, 1)
        );

    /// <summary>RoBERTa's and XLM-R's: <c>&lt;s&gt; first &lt;/s&gt;&lt;/s&gt; second &lt;/s&gt;</c>, all of one type.</summary>
    public static PairTemplate Roberta(int cls, int sep) =>
        new(
            PairPiece.Special(cls),
            PairPiece.Text(PairPart.First),
            PairPiece.Special(sep),
            PairPiece.Special(sep),
            PairPiece.Text(PairPart.Second),
            PairPiece.Special(sep)
        );

    /// <summary>One text after the other, as tokenizers without a post-processor do.</summary>
    public static PairTemplate Plain() => new(PairPiece.Text(PairPart.First), PairPiece.Text(PairPart.Second, 1));

    /// <summary>
    /// Puts two texts together. What exceeds <paramref name="maxLength"/> is cut off the end of the longer text, or of both.
    /// </summary>
    public (int[] Ids, byte[] Types) Join(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int? maxLength)
    {
        (int firstLength, int secondLength) = maxLength is { } most
            ? Fit(first.Length, second.Length, Math.Max(0, most - SpecialCount))
            : (first.Length, second.Length);
        int[] ids = new int[SpecialCount + firstLength + secondLength];
        byte[] types = new byte[ids.Length];
        int at = 0;
        foreach (PairPiece piece in _pieces)
        {
            ReadOnlySpan<int> tokens = piece.Part switch
            {
                PairPart.First => first[..firstLength],
                PairPart.Second => second[..secondLength],
                _ => piece.Ids,
            };
            tokens.CopyTo(ids.AsSpan(at));
            types.AsSpan(at, tokens.Length).Fill(piece.Type);
            at += tokens.Length;
        }

        return (ids, types);
    }

    /// <summary>
    /// "longest_first" as Hugging Face tokenizers computes it: the longer text is cut to what the shorter one leaves; where that is less
    /// than half, both get half, and an odd token goes to the longer text, or to the second of two equally long ones.
    /// </summary>
    internal static (int First, int Second) Fit(int first, int second, int room)
    {
        if (first + second <= room)
        {
            return (first, second);
        }

        bool isFirstLonger = first > second;
        int shorter = Math.Min(first, second),
            longer = Math.Max(shorter, room - shorter);
        if (shorter + longer > room)
        {
            shorter = room / 2;
            longer = room - shorter;
        }

        return isFirstLonger ? (longer, shorter) : (shorter, longer);
    }
}

/// <summary>What stands at a place of a <see cref="PairTemplate"/>.</summary>
public enum PairPart
{
    /// <summary>Special tokens.</summary>
    Special = 0,

    /// <summary>The first text.</summary>
    First = 1,

    /// <summary>The second text.</summary>
    Second = 2,
}

/// <summary>One part of a <see cref="PairTemplate"/>.</summary>
/// <param name="Part">A text, or special tokens.</param>
/// <param name="Type">The type of its tokens.</param>
/// <param name="Ids">The special tokens; empty for a text.</param>
public readonly record struct PairPiece(PairPart Part, byte Type, int[] Ids)
{
    /// <summary>One special token.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="type">Its type.</param>
    public static PairPiece Special(int id, byte type = 0) => new(PairPart.Special, type, [id]);

    /// <summary>The place of a text.</summary>
    /// <param name="part">Which text.</param>
    /// <param name="type">The type of its tokens.</param>
    public static PairPiece Text(PairPart part, byte type = 0) => new(part, type, []);
}
