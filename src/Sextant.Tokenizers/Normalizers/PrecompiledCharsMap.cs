using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Sextant.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's compiled table of replacements: a double-array trie over UTF-8 (Yata's darts-clone) that leads to
/// zero-terminated strings. As in the reference, short grapheme clusters are looked up whole, then character by character.
/// </summary>
internal sealed class PrecompiledCharsMap : Normalizer
{
    // The reference looks up clusters shorter than this many bytes.
    private const int MaxClusterBytes = 6;

    private readonly uint[] _trie;
    private readonly byte[] _strings;

    /// <exception cref="FormatException">The table is damaged.</exception>
    public PrecompiledCharsMap(ReadOnlySpan<byte> table)
    {
        if (
            table.Length < 4
            || BinaryPrimitives.ReadUInt32LittleEndian(table) is var size && (size % 4 != 0 || size > table.Length - 4 || size == 0)
        )
        {
            throw new FormatException("its compiled character map is truncated");
        }

        _trie = new uint[size / 4];
        for (int i = 0; i < _trie.Length; i++)
        {
            _trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + (4 * i))..]);
        }

        _strings = table[(4 + (int)size)..].ToArray();
    }

    public override string Apply(string text)
    {
        var into = new StringBuilder(text.Length + 8);
        Span<byte> utf8 = stackalloc byte[16];
        for (int at = 0; at < text.Length; )
        {
            int length = StringInfo.GetNextTextElementLength(text.AsSpan(at));
            ReadOnlySpan<char> cluster = text.AsSpan(at, length);
            at += length;
            if (
                length < MaxClusterBytes
                && Encoding.UTF8.GetByteCount(cluster) < MaxClusterBytes
                && TryReplace(utf8[..Encoding.UTF8.GetBytes(cluster, utf8)], into)
            )
            {
                continue;
            }

            foreach (Rune rune in cluster.EnumerateRunes())
            {
                if (!TryReplace(utf8[..rune.EncodeToUtf8(utf8)], into))
                {
                    TextRules.Append(into, rune);
                }
            }
        }

        return into.ToString();
    }

    /// <summary>Replaces like SentencePiece: at each position, the longest matching key.</summary>
    public string ReplaceLongest(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var into = new StringBuilder(text.Length + 8);
        int kept = 0;
        for (int at = 0; at < utf8.Length; )
        {
            (int length, uint value) = FindLongest(utf8.AsSpan(at));
            if (length > 0)
            {
                into.Append(Encoding.UTF8.GetString(utf8.AsSpan(kept, at - kept)));
                AppendString(value, into);
                kept = at += length;
                continue;
            }

            // A key begins where a character does.
            do
            {
                at++;
            } while (at < utf8.Length && (utf8[at] & 0xC0) == 0x80);
        }

        into.Append(Encoding.UTF8.GetString(utf8.AsSpan(kept)));
        return into.ToString();
    }

    private (int Length, uint Value) FindLongest(ReadOnlySpan<byte> key)
    {
        (int Length, uint Value) best = default;
        uint node = Offset(_trie[0]);
        for (int i = 0; i < key.Length; i++)
        {
            node ^= key[i];
            if (key[i] == 0 || node >= _trie.Length || (_trie[node] & 0x800000FF) != key[i])
            {
                break;
            }

            uint unit = _trie[node];
            node ^= Offset(unit);
            if ((unit & 0x100) != 0 && node < _trie.Length)
            {
                best = (i + 1, _trie[node] & 0x7FFFFFFF);
            }
        }

        return best;
    }

    /// <summary>Follows the key through the trie up to its first prefix that has a value.</summary>
    private bool TryReplace(ReadOnlySpan<byte> key, StringBuilder into)
    {
        uint node = Offset(_trie[0]);
        foreach (byte b in key)
        {
            node ^= b;
            if (b == 0 || node >= _trie.Length || (_trie[node] & 0x800000FF) != b)
            {
                return false;
            }

            uint unit = _trie[node];
            node ^= Offset(unit);
            if ((unit & 0x100) != 0)
            {
                AppendString(node < _trie.Length ? _trie[node] & 0x7FFFFFFF : uint.MaxValue, into);
                return true;
            }
        }

        return false;
    }

    private void AppendString(uint start, StringBuilder into)
    {
        if (start >= _strings.Length)
        {
            throw new InputException("the tokenizer's compiled character map is damaged: an offset is out of range");
        }

        ReadOnlySpan<byte> rest = _strings.AsSpan((int)start);
        int end = rest.IndexOf((byte)0);
        into.Append(Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]));
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
