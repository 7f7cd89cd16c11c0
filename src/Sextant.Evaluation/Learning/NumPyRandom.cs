namespace Sextant.Evaluation.Learning;

/// <summary>
/// The random numbers of numpy.random.RandomState (MT19937; Matsumoto and Nishimura 1998), so that the same few texts are
/// drawn for training as by those who publish scores.
/// </summary>
internal sealed class NumPyRandom
{
    private const int Length = 624,
        Middle = 397;

    private readonly uint[] _state = new uint[Length];
    private int _at = Length;

    public NumPyRandom(uint seed)
    {
        _state[0] = seed;
        for (uint i = 1; i < Length; i++)
            _state[i] = (1812433253u * (_state[i - 1] ^ (_state[i - 1] >> 30))) + i;
    }

    /// <summary>Shuffles items.</summary>
    public void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)UpTo((uint)i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>A number from 0 to <paramref name="most"/>, each as likely as any other.</summary>
    public uint UpTo(uint most)
    {
        uint mask = most == 0 ? 0 : uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(most);
        uint value;
        do value = Next() & mask;
        while (value > most);
        return value;
    }

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (((Next() >> 5) * 67108864.0) + (Next() >> 6)) / 9007199254740992.0;

    private uint Next()
    {
        if (_at == Length)
            Twist();
        uint y = _state[_at++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        return y ^ (y >> 18);
    }

    private void Twist()
    {
        for (int i = 0; i < Length; i++)
        {
            uint y = (_state[i] & 0x80000000u) | (_state[(i + 1) % Length] & 0x7fffffffu);
            _state[i] = _state[(i + Middle) % Length] ^ (y >> 1) ^ ((y & 1) * 0x9908b0dfu);
        }

        _at = 0;
    }
}
