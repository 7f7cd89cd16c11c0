using System.Text;
using Sextant.Tokenizers.Normalizers;
using Sextant.Tokenizers.TokenModels;

namespace Sextant.Tokenizers.Files;

/// <summary>Creates a tokenizer from a SentencePiece model.</summary>
internal static class SentencePieceTokenizer
{
    /// <param name="file">The model.</param>
    /// <param name="offset">
    /// How far ids are moved; XLM-R has its own first four, then the model's from its fourth piece on, one further.
    /// </param>
    /// <param name="before">What the model's own library does to a text before SentencePiece sees it.</param>
    /// <exception cref="FormatException">A part is missing or damaged.</exception>
    public static TokenizerPipeline Create(SentencePieceFile file, IdOffset offset, Normalizer? before = null)
    {
        var normalizer = new SentencePieceNormalizer(
            file.CharacterMap.Length > 0 ? new PrecompiledCharsMap(file.CharacterMap) : null,
            file.AddsPrefix,
            file.RemovesExtraSpaces
        );
        // BPE must not take the user's own symbols apart; among the pieces of a unigram model their score holds them together.
        IEnumerable<AddedToken> symbols = file
            .Pieces.Select((piece, id) => (piece, id))
            .Where(p => file.IsBpe && p.piece.Type == PieceType.UserDefined)
            .Select(p => new AddedToken(p.piece.Text, offset.Move(p.id)) { Normalized = true, IsNormalForm = true });
        return new TokenizerPipeline([.. symbols], before is null ? normalizer : new NormalizerSequence([before, normalizer]))
        {
            Model = file.IsBpe ? Bpe(file, offset) : Unigram(file, offset),
        };
    }

    private static UnigramModel Unigram(SentencePieceFile file, IdOffset offset)
    {
        // Separates pieces that may occur in a text from those that only the model uses internally.
        var pieces = new (string Text, double Score)[offset.Move(file.Pieces.Count - 1) + 1];
        Array.Fill(pieces, ("", 0));
        var hidden = new HashSet<int>();
        int unknown = -1;
        float highest = file.Pieces.Where(static p => p.Type == PieceType.Normal).Select(static p => p.Score).DefaultIfEmpty().Max();
        for (int i = 0; i < file.Pieces.Count; i++)
        {
            (string text, float score, PieceType type) = file.Pieces[i];
            int id = offset.Move(i);
            unknown = type == PieceType.Unknown ? id : unknown;
            pieces[id] = (
                text,
                type switch
                {
                    PieceType.Normal => score,
                    // As SentencePiece has it: better than any other cut of the same bytes.
                    PieceType.UserDefined => (Encoding.UTF8.GetByteCount(text) * highest) - 0.1,
                    _ => 0,
                }
            );
            if (type is not (PieceType.Normal or PieceType.UserDefined))
            {
                hidden.Add(id);
            }
        }

        return new UnigramModel(pieces, unknown, file.ByteFallback, hidden);
    }

    private static BpeModel Bpe(SentencePieceFile file, IdOffset offset)
    {
        var vocabulary = new Dictionary<string, int>(file.Pieces.Count, StringComparer.Ordinal);
        string? unknown = null;
        for (int i = 0; i < file.Pieces.Count; i++)
        {
            (string text, _, PieceType type) = file.Pieces[i];
            vocabulary.TryAdd(text, offset.Move(i));
            unknown = type == PieceType.Unknown ? text : unknown;
        }

        var merges = new BpeMerges();
        int rank = 0;
        foreach (SentencePiece piece in file.Pieces.Where(static p => p.Type is PieceType.Normal).OrderByDescending(static p => p.Score))
        {
            for (int at = 1; at < piece.Text.Length; at++)
            {
                if (
                    !char.IsLowSurrogate(piece.Text[at])
                    && vocabulary.TryGetValue(piece.Text[..at], out int left)
                    && vocabulary.TryGetValue(piece.Text[at..], out int right)
                )
                {
                    merges.Add(left, right, vocabulary[piece.Text], rank);
                }
            }

            rank++;
        }

        return new BpeModel(
            vocabulary,
            merges,
            new BpeOptions
            {
                UnknownToken = unknown,
                ByteFallback = file.ByteFallback,
                FuseUnknown = true,
            }
        );
    }
}

/// <summary>Where a model's library has put the ids of its SentencePiece model.</summary>
internal enum IdOffset
{
    /// <summary>Where they are.</summary>
    None,

    /// <summary>
    /// As fairseq does: <c>&lt;s&gt;</c>, <c>&lt;pad&gt;</c>, <c>&lt;/s&gt;</c>, <c>&lt;unk&gt;</c>, and all others one further on.
    /// </summary>
    Fairseq,
}

/// <summary>The arithmetic of <see cref="IdOffset"/>.</summary>
internal static class IdOffsets
{
    /// <summary>The id that the model knows for a piece's place.</summary>
    public static int Move(this IdOffset offset, int place) =>
        offset == IdOffset.None
            ? place
            : place switch
            {
                // SentencePiece has <unk>, <s>, </s> there.
                0 => 3,
                1 => 0,
                2 => 2,
                _ => place + 1,
            };
}
