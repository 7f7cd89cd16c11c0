using System.Text;
using CsCheck;

namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>Mutates one of several valid inputs, with CsCheck's generators: the same input for the same seed.</summary>
internal sealed class Mutator
{
    private const int MaxMutations = 6,
        MaxRun = 32,
        MaxBytes = 64 << 10;
    private const string Delimiters = ",;:[]{}() \t\r\n\"'<>|";

    /// <summary>Values that are often edge cases in any format.</summary>
    private static readonly string[] Edges =
    [
        "0",
        "-1",
        "1e999",
        "-0",
        "99999999999999999999",
        "2147483648",
        "0.1",
        "null",
        "true",
        "\"\"",
        "''",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        ",",
        ":",
        ";",
        "\t",
        "\n",
        "\r\n",
        "\\",
        "\\u0000",
        "\\ud800",
        "\0",
        "\uFEFF",
        "\uFFFD",
        "é",
        "世界",
        "🦊",
        " ",
        "--",
        "=",
        "<",
        ">",
        "&",
        "#",
        "%",
        "_",
        ".",
        "NaN",
        "Infinity",
    ];

    private readonly byte[][] _corpus,
        _tokens;
    private readonly Gen<(int Input, (Mutation Kind, double From, double To, byte[] Noise, int Token)[] Changes)> _mutations;

    /// <param name="corpus">Valid inputs.</param>
    /// <param name="tokens">What means something in the format.</param>
    public Mutator(IEnumerable<byte[]> corpus, params string[] tokens)
    {
        _corpus = [.. corpus];
        _tokens = [.. tokens.Concat(Edges).Select(Encoding.UTF8.GetBytes)];
        Gen<(Mutation, double, double, byte[], int)> change = Gen.Select(
            Gen.Enum<Mutation>(),
            Gen.Double.Unit,
            Gen.Double.Unit,
            Gen.Byte[(byte)' ', (byte)'~'].Array[1, MaxRun],
            Gen.Int[0, _tokens.Length - 1]
        );
        // Most inputs are nearly valid, or few would come further than the first check.
        _mutations = Gen.Select(Gen.Int[0, _corpus.Length - 1], Gen.Frequency((3, change.Array[1]), (1, change.Array[2, MaxMutations])));
    }

    public Mutator(IEnumerable<string> corpus, params string[] tokens)
        : this(corpus.Select(Encoding.UTF8.GetBytes), tokens) { }

    /// <summary>The input of a seed.</summary>
    public byte[] Mutate(int seed)
    {
        (int input, (Mutation, double, double, byte[], int)[] changes) = _mutations.Generate(new PCG(1, (ulong)seed), null, out _);
        List<byte> bytes = [.. _corpus[input]];
        foreach ((Mutation kind, double from, double to, byte[] noise, int token) in changes)
            Apply(bytes, kind, from, to, noise, _tokens[token]);
        if (bytes.Count > MaxBytes)
            bytes.RemoveRange(MaxBytes, bytes.Count - MaxBytes);
        return [.. bytes];
    }

    /// <summary>The input of a seed as text.</summary>
    public string MutateText(int seed) => Encoding.UTF8.GetString(Mutate(seed));

    private void Apply(List<byte> bytes, Mutation kind, double from, double to, byte[] noise, byte[] token)
    {
        int at = (int)(from * bytes.Count),
            length = Math.Min((int)(to * to * MaxRun), bytes.Count - at);
        switch (kind)
        {
            case Mutation.FlipBit when at < bytes.Count:
                bytes[at] ^= (byte)(1 << (noise[0] & 7));
                break;
            case Mutation.Overwrite:
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, noise);
                break;
            case Mutation.Remove:
                bytes.RemoveRange(at, length);
                break;
            case Mutation.Copy:
                bytes.InsertRange((int)(to * bytes.Count), bytes.GetRange(at, length));
                break;
            case Mutation.Cut:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case Mutation.Splice:
                byte[] other = _corpus[noise[0] % _corpus.Length];
                bytes.InsertRange(at, other[(int)(to * other.Length)..]);
                break;
            case Mutation.ReplaceField or Mutation.RepeatField:
                (int start, int end) = Field(bytes, at);
                byte[] field = [.. bytes.GetRange(start, end - start)];
                bytes.RemoveRange(start, end - start);
                bytes.InsertRange(start, kind == Mutation.ReplaceField ? token : [.. field, .. field]);
                break;
            case Mutation.InsertToken:
                bytes.InsertRange(at, token);
                break;
        }
    }

    // What stands between two delimiters: a number, a name, a text.
    private static (int Start, int End) Field(List<byte> bytes, int at)
    {
        int start = at,
            end = at;
        while (start > 0 && !Delimiters.Contains((char)bytes[start - 1]))
            start--;
        while (end < bytes.Count && !Delimiters.Contains((char)bytes[end]))
            end++;
        return (start, end);
    }
}
