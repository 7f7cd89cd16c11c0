namespace Sextant.Search;

/// <summary>A growing set of keys. Keys count up from 1, so a bit each is the smallest set there is: 10 million take 1.2 MB.</summary>
internal sealed class KeyBitmap
{
    private ulong[] _bits = new ulong[1024];

    public void Add(long key)
    {
        int word = checked((int)(key >> 6));
        if (word >= _bits.Length) Array.Resize(ref _bits, Math.Max(word + 1, _bits.Length * 2));
        _bits[word] |= 1UL << (int)(key & 63);
    }

    public bool Contains(long key) => key >> 6 < _bits.Length && (_bits[key >> 6] & (1UL << (int)(key & 63))) != 0;
}
