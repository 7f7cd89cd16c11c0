using System.Buffers;
using System.Text;

namespace Sextant.Tokenizers;

/// <summary>
/// Tokenizes text into the ids of a WordPiece vocabulary like BERT: normalize, split at white space and punctuation, then use each word
/// whole if the vocabulary has it, or else its longest pieces greedily (Wu et al. 2016, arXiv:1609.08144). One pass over the text, no
/// allocation except for the ids. Special tokens such as [SEP] written in a text are ordinary text, because user input must never control
/// the model. Thread-safe.
/// </summary>
public sealed class WordPieceTokenizer : TextTokenizer
{
    /// <summary>Words of more characters than this become the unknown token.</summary>
    public const int MaxWordLength = 100;

    private readonly WordPieceVocabulary _vocabulary;
    private readonly BertNormalization _normalization;
    private readonly AsciiClasses _ascii;

    /// <summary>Creates a tokenizer of a vocabulary.</summary>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="normalization">How text is prepared; as uncased models have it when <see langword="null"/>.</param>
    public WordPieceTokenizer(WordPieceVocabulary vocabulary, BertNormalization? normalization = null)
    {
        _vocabulary = vocabulary;
        _normalization = normalization ?? BertNormalization.Uncased;
        _ascii = new AsciiClasses(_normalization);
    }

    /// <summary>The pieces.</summary>
    public WordPieceVocabulary Vocabulary => _vocabulary;

    /// <summary>How text is prepared before it is cut.</summary>
    public BertNormalization Normalization => _normalization;

    /// <inheritdoc />
    public override int UnknownId => _vocabulary.UnknownId;

    /// <inheritdoc />
    public override int MaxId => _vocabulary.MaxId;

    /// <summary>
    /// Appends the ids of <paramref name="text"/> to <paramref name="ids"/>. A word that cannot be made appends
    /// <see cref="WordPieceVocabulary.UnknownId"/> (-1 where the vocabulary has no unknown token).
    /// </summary>
    public override void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        // Two units per character, and one more character to detect a word that is too long.
        var word = new WordBuffer(stackalloc char[(2 * MaxWordLength) + 2]);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c < AsciiClasses.Count)
            {
                char mapped = _ascii.Map(c);
                if (mapped > AsciiClasses.Punctuation)
                {
                    word.Append(mapped);
                }
                else if (mapped != AsciiClasses.Dropped)
                {
                    Flush(ref word, ids);
                    if (mapped == AsciiClasses.Punctuation)
                    {
                        EmitWord(text.Slice(i, 1), ids);
                    }
                }
            }
            else
            {
                Rune.DecodeFromUtf16(text[i..], out Rune rune, out int consumed);
                i += consumed - 1;
                AppendRune(rune, ref word, ids);
            }
        }

        Flush(ref word, ids);
    }

    private void AppendRune(Rune rune, ref WordBuffer word, List<int> ids)
    {
        if (_normalization.CleanText && (rune == Rune.ReplacementChar || UnicodeClasses.IsControl(rune)))
        {
            return;
        }

        bool ideograph = _normalization.SplitIdeographs && IsIdeograph(rune.Value);
        if (ideograph)
        {
            Flush(ref word, ids);
        }

        Span<char> folded = stackalloc char[AccentFolding.MaxLength];
        int length = _normalization.StripAccents ? AccentFolding.Fold(rune, folded) : rune.EncodeToUtf16(folded);
        for (ReadOnlySpan<char> rest = folded[..length]; !rest.IsEmpty; )
        {
            OperationStatus status = Rune.DecodeFromUtf16(rest, out Rune part, out int consumed);
            System.Diagnostics.Debug.Assert(status == OperationStatus.Done, "Folding writes whole characters.");
            rest = rest[consumed..];
            AppendFolded(_normalization.Lowercase ? Rune.ToLowerInvariant(part) : part, ref word, ids);
        }

        if (ideograph)
        {
            Flush(ref word, ids);
        }
    }

    private void AppendFolded(Rune rune, ref WordBuffer word, List<int> ids)
    {
        if (Rune.IsWhiteSpace(rune))
        {
            Flush(ref word, ids);
        }
        else if (UnicodeClasses.IsPunctuation(rune))
        {
            Flush(ref word, ids);
            word.Append(rune);
            Flush(ref word, ids);
        }
        else
        {
            word.Append(rune);
        }
    }

    private void Flush(ref WordBuffer word, List<int> ids)
    {
        if (word.Characters > MaxWordLength)
        {
            ids.Add(_vocabulary.UnknownId);
        }
        else if (word.Characters > 0)
        {
            EmitWord(word.Text, ids);
        }

        word.Clear();
    }

    private void EmitWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (!_vocabulary.TryTakeApart(word, ids))
        {
            ids.Add(_vocabulary.UnknownId);
        }
    }

    /// <summary>
    /// The blocks that BERT calls Chinese characters; kana and hangul are words like any other. The reference leaves out the first 256 of
    /// extension E, and so do we.
    /// </summary>
    internal static bool IsIdeograph(int value) =>
        value
            is (>= 0x4E00 and <= 0x9FFF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2B73F)
                or (>= 0x2B740 and <= 0x2B81F)
                or (>= 0x2B920 and <= 0x2CEAF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>The word being read; what goes beyond its end is counted but not kept.</summary>
    private ref struct WordBuffer(Span<char> storage)
    {
        private readonly Span<char> _storage = storage;
        private int _length;

        public int Characters { get; private set; }

        public readonly ReadOnlySpan<char> Text => _storage[.._length];

        public void Append(char c)
        {
            if (++Characters <= MaxWordLength)
            {
                _storage[_length++] = c;
            }
        }

        public void Append(Rune rune)
        {
            if (++Characters <= MaxWordLength)
            {
                _length += rune.EncodeToUtf16(_storage[_length..]);
            }
        }

        public void Clear()
        {
            _length = 0;
            Characters = 0;
        }
    }
}
