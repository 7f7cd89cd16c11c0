using System.Globalization;
using Sextant.Sources.Segmentation;
using Sextant.Tokenizers;

namespace Sextant.Sources;

/// <summary>
/// Takes texts apart that have too many tokens: where a paragraph or a sentence ends if that can be, else between words, and
/// within a word only when it is longer than a part may be.
/// </summary>
/// <remarks>
/// <para>
/// Nothing is lost: without overlap the parts put together are the text, white space included. A character is never cut, with all
/// its marks and modifiers. A fenced block of code stays whole where it fits, and is else cut between its lines, at blank ones if that can
/// be. Each part that begins within a Markdown table repeats the table's header, unless that takes more than half of the tokens.
/// </para>
/// <para>
/// No part has more tokens than allowed, except a single character that alone has more: it cannot be cut.
/// Instances are thread-safe.
/// </para>
/// </remarks>
public sealed class TextChunker
{
    private readonly ITokenCounter _counter;
    private readonly int _maxTokens;
    private readonly int _overlap;

    /// <summary>
    /// Cuts to <paramref name="maxTokens"/>; each part begins with up to <paramref name="overlap"/> tokens of the one before, in whole
    /// sentences where they are short enough, else in whole words.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="maxTokens"/> is not positive, or <paramref name="overlap"/> is negative or not less than it.
    /// </exception>
    public TextChunker(ITokenCounter counter, int maxTokens, int overlap = 0)
    {
        ArgumentNullException.ThrowIfNull(counter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(overlap);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(overlap, maxTokens);
        (_counter, _maxTokens, _overlap) = (counter, maxTokens, overlap);
    }

    /// <summary>The parts of <paramref name="document"/>, in order.</summary>
    public IEnumerable<TextChunk> Chunk(SourceDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (_counter.Count(document.Text) <= _maxTokens)
            return [new(document.Id, document.Text)];
        return Parts(document.Text, document.IsCode)
            .Select((text, i) => new TextChunk(string.Create(CultureInfo.InvariantCulture, $"{document.Id}#{i + 1}"), text));
    }

    private IEnumerable<string> Parts(string text, bool isCode)
    {
        List<TextPiece> pieces = Pieces(text, isCode);
        RepeatedHeader[] headers = isCode ? [] : RepeatedHeaders(text);
        int begin = 0;
        for (int first = 0; first < pieces.Count; )
        {
            RepeatedHeader header = headers.FirstOrDefault(one => begin >= one.Body && begin < one.End);
            int last = Last(text, pieces, first, ref begin, _maxTokens - header.Tokens);
            string part = text[begin..pieces[last].End],
                whole = header.Text + part;
            yield return header.Tokens > 0 && _counter.Count(whole) > _maxTokens ? part : whole;
            begin = last + 1 < pieces.Count ? OverlapStart(text, pieces, first, last) : text.Length;
            first = last + 1;
        }
    }

    /// <summary>The headers of tables that are short enough to repeat in each chunk that continues their table.</summary>
    private RepeatedHeader[] RepeatedHeaders(string text) =>
        [
            .. MarkdownTables
                .Find(text)
                .Select(table => new RepeatedHeader(
                    table.Body,
                    table.End,
                    text[table.Start..table.Body],
                    Count(text, table.Start, table.Body)
                ))
                .Where(header => header.Tokens * 2 <= _maxTokens),
        ];

    /// <summary>
    /// The last piece of the chunk that starts with <paramref name="begin"/> and continues with <paramref name="first"/>.
    /// </summary>
    private int Last(string text, List<TextPiece> pieces, int first, ref int begin, int maxTokens)
    {
        int tokens = Count(text, begin, pieces[first].Start) + pieces[first].Tokens;
        int last = first;
        while (last + 1 < pieces.Count && tokens + pieces[last + 1].Tokens <= maxTokens)
            tokens += pieces[++last].Tokens;

        // Together they can count more than one by one: tokens may change where pieces meet.
        while (Count(text, begin, pieces[last].End) > maxTokens)
        {
            if (last > first)
                last--;
            else if (begin < pieces[first].Start)
                begin = pieces[first].Start;
            else
                break;
        }

        return last + 1 < pieces.Count ? BackToBreak(text, pieces, begin, first, last) : last;
    }

    /// <summary>Ends at the strongest break that there is, where that costs less than half of the part.</summary>
    private int BackToBreak(string text, List<TextPiece> pieces, int begin, int first, int last)
    {
        for (TextBreak wanted = TextBreak.Paragraph; wanted > TextBreak.None; wanted--)
        {
            for (int i = last; i >= first; i--)
            {
                if (pieces[i].Break < wanted)
                    continue;
                if (Count(text, begin, pieces[i].End) * 2 >= _maxTokens || IsWorthAShortPart(pieces, i, last))
                    return i;
                break;
            }
        }

        return last;
    }

    /// <summary>Whether the lines of code after a blank one fit into a part together, so that a short part keeps them whole.</summary>
    private bool IsWorthAShortPart(List<TextPiece> pieces, int end, int last)
    {
        if (!pieces[end].IsCode || pieces[end].Break < TextBreak.BlankLine)
            return false;
        int tokens = 0,
            at = end + 1;
        while (
            at < pieces.Count && pieces[at].IsCode && (tokens += pieces[at].Tokens) <= _maxTokens && pieces[at].Break < TextBreak.BlankLine
        )
        {
            at++;
        }

        return tokens <= _maxTokens && at > last;
    }

    private int OverlapStart(string text, List<TextPiece> pieces, int first, int last)
    {
        int end = pieces[last].End;
        if (_overlap == 0)
            return end;
        int from = end;
        for (int i = last; i > first && Count(text, pieces[i].Start, end) <= _overlap; i--)
            from = pieces[i].Start;
        // Rather no overlap than one that begins within a line of code.
        if (from < end || pieces[last].IsCode)
            return from;

        int[] words = [.. TextSegments.Words(text, pieces[last].Start, end).Select(word => word.Start).Skip(1)];
        for (int i = words.Length - 1; i >= 0 && Count(text, words[i], end) <= _overlap; i--)
            from = words[i];
        return from;
    }

    /// <summary>Sentences, and where one is too long its words, and where one of those is too long what of it fits.</summary>
    private List<TextPiece> Pieces(string text, bool isCode)
    {
        List<TextPiece> pieces = [];
        foreach (TextSegment sentence in isCode ? CodeLines.Split(text, 0, text.Length, isFenced: false) : TextSegments.Sentences(text))
        {
            if (TryAdd(sentence))
                continue;
            if (!sentence.IsCode)
                AddWords(sentence);
            foreach (
                TextSegment line in isCode ? [sentence]
                : sentence.IsCode ? CodeLines.Split(text, sentence.Start, sentence.End)
                : []
            )
            {
                if (!TryAdd(line))
                    AddWords(line);
            }
        }

        return pieces;

        void AddWords(TextSegment part)
        {
            foreach (TextSegment word in TextSegments.Words(text, part.Start, part.End))
            {
                if (!TryAdd(word))
                    Cut(word.Start, word.End);
            }
            // The last of them ends what they make together.
            if (pieces.Count > 0)
                pieces[^1] = pieces[^1] with { Break = part.Break, IsCode = part.IsCode };
        }

        void Cut(int start, int end)
        {
            while (start < end)
            {
                int cut = Math.Min(end, TextSegments.CharactersWithin(text, start, Math.Min(end, start + (_maxTokens * 4L))));
                while (!TryAdd(new(start, cut, TextBreak.None)))
                {
                    int half = TextSegments.CharactersWithin(text, start, start + ((cut - start) / 2));
                    if (half >= cut)
                        half = start + StringInfo.GetNextTextElementLength(text.AsSpan(start)); // a character of a syllable
                    if (half >= cut)
                    {
                        pieces.Add(new(start, cut, _maxTokens, TextBreak.None, false)); // one character, which cannot be cut
                        break;
                    }

                    cut = half;
                }

                start = cut;
            }
        }

        bool TryAdd(TextSegment segment)
        {
            int tokens = Count(text, segment.Start, segment.End);
            if (tokens > _maxTokens)
                return false;
            pieces.Add(new(segment.Start, segment.End, tokens, segment.Break, segment.IsCode));
            return true;
        }
    }

    private int Count(string text, int start, int end) => _counter.Count(text.AsSpan(start, end - start));

    private readonly record struct RepeatedHeader(int Body, int End, string Text, int Tokens);

    private readonly record struct TextPiece(int Start, int End, int Tokens, TextBreak Break, bool IsCode);
}
