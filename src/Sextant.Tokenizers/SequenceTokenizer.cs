using System.Runtime.InteropServices;

namespace Sextant.Tokenizers;

/// <summary>
/// Makes of a text the sequence that a transformer reads: its tokens, cut to what the model takes, between the special tokens
/// that the model was trained with.
/// </summary>
/// <param name="text">Cuts the text itself.</param>
/// <param name="prefix">Ids before every text, such as <c>[CLS]</c>.</param>
/// <param name="suffix">Ids after every text, such as <c>[SEP]</c>.</param>
public sealed class SequenceTokenizer(TextTokenizer text, int[] prefix, int[] suffix)
{
    /// <summary>Cuts the text itself, without special tokens.</summary>
    public TextTokenizer Text => text;

    /// <summary>Ids before every text.</summary>
    public IReadOnlyList<int> Prefix => prefix;

    /// <summary>Ids after every text.</summary>
    public IReadOnlyList<int> Suffix => suffix;

    /// <summary>What fills the places of shorter texts in a batch; <see langword="null"/> where the file does not say.</summary>
    public int? PadId { get; init; }

    /// <summary>Whether texts are padded on the left, as some decoders require.</summary>
    public bool PadsLeft { get; init; }

    /// <summary>
    /// The maximum number of tokens according to the tokenizer's files, including special ones; <see langword="null"/> if they set no
    /// limit.
    /// </summary>
    public int? MaxLength { get; init; }

    /// <summary>Returns the id of a token by its text; <see langword="null"/> if the token does not exist.</summary>
    public Func<string, int?> Find { get; init; } = static _ => null;

    /// <summary>How two texts are read as one sequence; <see langword="null"/> where the files do not say.</summary>
    public PairTemplate? Pair { get; init; }

    /// <summary>How many special tokens are put around a text.</summary>
    public int SpecialCount => prefix.Length + suffix.Length;

    /// <summary>The sequence for <paramref name="value"/>, of at most <paramref name="maxLength"/> ids.</summary>
    public int[] Encode(ReadOnlySpan<char> value, int? maxLength)
    {
        List<int> ids = Encode(value, prefix);
        int room = Math.Max(prefix.Length, (maxLength ?? int.MaxValue) - suffix.Length);
        int[] sequence = new int[Math.Min(ids.Count, room) + suffix.Length];
        CollectionsMarshal.AsSpan(ids)[..(sequence.Length - suffix.Length)].CopyTo(sequence);
        suffix.CopyTo(sequence, sequence.Length - suffix.Length);
        return sequence;
    }

    /// <summary>The tokens of <paramref name="value"/> alone, without special tokens and of any length.</summary>
    public int[] EncodeText(ReadOnlySpan<char> value) => [.. Encode(value, [])];

    private List<int> Encode(ReadOnlySpan<char> value, ReadOnlySpan<int> before)
    {
        var ids = new List<int>(before.Length + suffix.Length + (value.Length / 3) + 8);
        ids.AddRange(before);
        text.Encode(value, ids);
        return !ids.Exists(static id => id < 0)
            ? ids
            : throw new InputException("the model's tokenizer has no token for a part of the text, and no unknown token");
    }
}
