namespace Sextant.Tokenizers.PreTokenizers;

/// <summary>When to prepend a space to the text, so that its first word looks like all others.</summary>
internal enum MetaspacePrefix
{
    Never,

    /// <summary>Only at the beginning of what the user wrote, not after a special token.</summary>
    First,

    Always,
}

/// <summary>SentencePiece's way: spaces become a visible sign (usually ▁), and words begin with it.</summary>
internal sealed class MetaspacePreTokenizer(char replacement, MetaspacePrefix prefix, bool split) : PreTokenizer
{
    public override void Split(Piece piece, List<Piece> into)
    {
        if (piece.Length == 0)
        {
            return;
        }

        string text = piece.Span.ToString().Replace(' ', replacement);
        if (text[0] != replacement && (prefix == MetaspacePrefix.Always || (prefix == MetaspacePrefix.First && piece.First)))
        {
            text = replacement + text;
        }

        piece = piece.WithText(text);
        for (int start = 0; split && start < text.Length; )
        {
            int next = text.IndexOf(replacement, start + 1);
            int end = next < 0 ? text.Length : next;
            into.Add(piece.Part(start, end - start));
            start = end;
        }

        if (!split)
        {
            into.Add(piece);
        }
    }
}
