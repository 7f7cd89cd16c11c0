using System.Runtime.InteropServices;
using Sextant.Tokenizers.Normalizers;
using Sextant.Tokenizers.PreTokenizers;
using Sextant.Tokenizers.TokenModels;

namespace Sextant.Tokenizers;

/// <summary>
/// A tokenizer assembled from a tokenizer.json: added tokens are extracted, the rest is normalized and split into words, and the model
/// tokenizes each word. Like the reference, it treats special tokens written in a text as special.
/// </summary>
internal sealed class TokenizerPipeline : TextTokenizer
{
    private readonly AddedTokens _raw;
    private readonly AddedTokens _normalized;
    private readonly int _highestAdded;

    public TokenizerPipeline(IReadOnlyList<AddedToken> added, Normalizer? normalizer = null)
    {
        Normalizer = normalizer;
        _raw = new AddedTokens(added.Where(static token => !token.Normalized));
        _normalized = new AddedTokens(
            added
                .Where(static token => token.Normalized)
                .Select(token =>
                    normalizer is null || token.IsNormalForm ? token : token with { Content = normalizer.Apply(token.Content) }
                )
        );
        _highestAdded = added.Select(static token => token.Id).DefaultIfEmpty(-1).Max();
    }

    public Normalizer? Normalizer { get; }

    public PreTokenizer? PreTokenizer { get; init; }

    /// <summary>Takes words apart; not needed when <see cref="Whole"/> does all that comes after added tokens.</summary>
    public TokenModel? Model { get; init; }

    /// <summary>Normalizes, splits and tokenizes in one pass, for BERT.</summary>
    public TextTokenizer? Whole { get; init; }

    /// <inheritdoc />
    public override int UnknownId => Whole?.UnknownId ?? Model!.UnknownId;

    /// <inheritdoc />
    public override int MaxId => Math.Max(_highestAdded, Whole?.MaxId ?? Model!.MaxId);

    /// <inheritdoc />
    public override void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        string whole = WellFormed(text);
        _raw.Split(
            whole,
            (start, length, token) =>
            {
                if (token is not null)
                {
                    ids.Add(token.Id);
                }
                else
                {
                    EncodeSegment(length == whole.Length ? whole : whole.Substring(start, length), start == 0, ids);
                }
            }
        );
    }

    private void EncodeSegment(string segment, bool first, List<int> ids)
    {
        string text = Normalizer?.Apply(segment) ?? segment;
        _normalized.Split(
            text,
            (start, length, token) =>
            {
                if (token is not null)
                {
                    ids.Add(token.Id);
                }
                else if (Whole is not null)
                {
                    Whole.Encode(text.AsSpan(start, length), ids);
                }
                else
                {
                    EncodePiece(new Piece(text, start, length, first && start == 0), ids);
                }
            }
        );
    }

    private void EncodePiece(Piece piece, List<int> ids)
    {
        if (PreTokenizer is null)
        {
            Model!.Encode(piece.Span, ids);
            return;
        }

        var words = new List<Piece>();
        PreTokenizer.Split(piece, words);
        foreach (Piece word in CollectionsMarshal.AsSpan(words))
        {
            Model!.Encode(word.Span, ids);
        }
    }

    /// <summary>The text with U+FFFD in place of lone surrogates, on which normalization would fail.</summary>
    private static string WellFormed(ReadOnlySpan<char> text)
    {
        for (ReadOnlySpan<char> rest = text; rest.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var at; )
        {
            if (System.Text.Rune.DecodeFromUtf16(rest[at..], out _, out int length) != System.Buffers.OperationStatus.Done)
            {
                return TextRules.Filter(text.ToString(), static _ => true);
            }

            rest = rest[(at + length)..];
        }

        return text.ToString();
    }
}
