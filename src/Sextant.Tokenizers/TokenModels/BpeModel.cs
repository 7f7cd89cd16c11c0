using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace Sextant.Tokenizers.TokenModels;

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909): a word begins as its characters, and the pair that was learned first
/// is joined until none is left.
/// </summary>
internal sealed class BpeModel(Dictionary<string, int> vocabulary, BpeMerges merges, BpeOptions options) : TokenModel
{
    // Words repeat often; a longer string is a text without spaces and occurs once.
    private const int MaxCachedLength = 48;
    private const int MaxCachedWords = 1 << 15;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup = vocabulary.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private readonly int _unknown = options.UnknownToken is { } token && vocabulary.TryGetValue(token, out int id) ? id : -1;
    private readonly int[]? _bytes = options.ByteFallback ? FindBytes(vocabulary) : null;
    private int _cached;

    public override int UnknownId => _unknown;

    public override int MaxId { get; } = vocabulary.Values.DefaultIfEmpty(-1).Max();

    public override int? Find(string token) => vocabulary.TryGetValue(token, out int found) ? found : null;

    public override void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        if (options.IgnoreMerges && _lookup.TryGetValue(word, out int whole))
        {
            ids.Add(whole);
            return;
        }

        if (word.Length > MaxCachedLength)
        {
            Merge(word, ids);
            return;
        }

        if (!_cache.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out int[]? known))
        {
            var fresh = new List<int>(8);
            Merge(word, fresh);
            known = [.. fresh];
            if (_cached < MaxCachedWords && _cache.TryAdd(word.ToString(), known))
            {
                Interlocked.Increment(ref _cached);
            }
        }

        ids.AddRange(known);
    }

    private void Merge(ReadOnlySpan<char> word, List<int> ids)
    {
        var symbols = new List<int>(word.Length);
        Start(word, symbols);
        merges.Apply(symbols);
        ids.AddRange(CollectionsMarshal.AsSpan(symbols));
    }

    /// <summary>The characters of a word as tokens; those that the vocabulary lacks as their bytes, or as unknown.</summary>
    private void Start(ReadOnlySpan<char> word, List<int> symbols)
    {
        bool unknownBefore = false;
        Span<byte> utf8 = stackalloc byte[4];
        for (int at = 0; at < word.Length; )
        {
            Rune.DecodeFromUtf16(word[at..], out Rune rune, out int length);
            bool first = at == 0,
                last = at + length == word.Length;
            ReadOnlySpan<char> character = word.Slice(at, length);
            at += length;
            if (Find(character, first, last) is { } id)
            {
                symbols.Add(id);
                unknownBefore = false;
            }
            else if (_bytes is not null)
            {
                foreach (byte b in utf8[..rune.EncodeToUtf8(utf8)])
                {
                    symbols.Add(_bytes[b]);
                }

                unknownBefore = false;
            }
            else if (_unknown >= 0)
            {
                if (!(unknownBefore && options.FuseUnknown))
                {
                    symbols.Add(_unknown);
                }

                unknownBefore = true;
            }
        }
    }

    private int? Find(ReadOnlySpan<char> character, bool first, bool last)
    {
        bool prefixed = !first && options.ContinuationPrefix.Length > 0,
            suffixed = last && options.EndOfWordSuffix.Length > 0;
        if (prefixed || suffixed)
        {
            return Find(string.Concat(prefixed ? options.ContinuationPrefix : "", character, suffixed ? options.EndOfWordSuffix : ""));
        }

        return _lookup.TryGetValue(character, out int found) ? found : null;
    }

    /// <summary>The tokens of single bytes, written <c>&lt;0x0A&gt;</c>; <see langword="null"/> when one is missing.</summary>
    internal static int[]? FindBytes(Dictionary<string, int> vocabulary)
    {
        int[] bytes = new int[256];
        for (int b = 0; b < bytes.Length; b++)
        {
            if (!vocabulary.TryGetValue(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"<0x{b:X2}>"), out bytes[b]))
            {
                return null;
            }
        }

        return bytes;
    }
}

/// <summary>The switches of a BPE model in a tokenizer.json.</summary>
internal sealed record BpeOptions
{
    public string? UnknownToken { get; init; }

    /// <summary>The prefix of every piece that does not start a word.</summary>
    public string ContinuationPrefix { get; init; } = "";

    /// <summary>Put after the piece that ends a word.</summary>
    public string EndOfWordSuffix { get; init; } = "";

    /// <summary>Whether characters that are not in the vocabulary become their bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether adjacent unknown characters are one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether a word in the vocabulary is used without applying merges.</summary>
    public bool IgnoreMerges { get; init; }
}
