using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sextant.Models.Words;

/// <summary>
/// Word vectors as text: a word and its numbers per line, as released by GloVe; the first line of word2vec files, with counts, is skipped.
/// </summary>
internal sealed class WordVectorFile
{
    private const long MostBytes = 4L << 30;
    private const int MostDimensions = 4096;

    private readonly Dictionary<string, float[]> _vectors;

    private WordVectorFile(Dictionary<string, float[]> vectors, int dimensions, string revision) =>
        (_vectors, Dimensions, Revision) = (vectors, dimensions, revision);

    public int Dimensions { get; }

    /// <summary>A hash of the file.</summary>
    public string Revision { get; }

    /// <summary>Whether a file begins like word vectors: a word and at least two numbers, or word2vec's two counts.</summary>
    public static bool Recognize(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".txt" or ".vec") || !File.Exists(path))
            return false;
        using var reader = new StreamReader(path, Encoding.UTF8);
        char[] start = new char[64 * 1024];
        int read = reader.ReadBlock(start);
        string first = new string(start, 0, read).Split('\n')[0].TrimEnd();
        return IsCounts(first)
            || (
                first.Split(' ') is { Length: > 2 and <= MostDimensions + 1 } fields
                && fields.Skip(1).All(static field => float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            );
    }

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="InputException">A line is not a word and as many numbers as the first has.</exception>
    public static WordVectorFile Load(string path)
    {
        if (new FileInfo(path).Length > MostBytes)
            throw new InputException($"{path}: larger than 4 GiB; use the vectors of fewer words");
        var vectors = new Dictionary<string, float[]>(StringComparer.Ordinal);
        int dimensions = 0,
            number = 0;
        foreach (string line in File.ReadLines(path, Encoding.UTF8))
        {
            number++;
            if (line.Length == 0 || (number == 1 && IsCounts(line)))
                continue;
            string[] fields = line.TrimEnd().Split(' ');
            if (dimensions == 0)
                dimensions = fields.Length - 1;
            if (dimensions is < 1 or > MostDimensions || fields.Length != dimensions + 1)
            {
                throw new InputException(
                    $"{path}:{number}: expected a word and {Math.Clamp(dimensions, 1, MostDimensions)} numbers, separated by single spaces"
                );
            }

            vectors.TryAdd(fields[0], Parse(fields, path, number));
        }

        if (vectors.Count == 0)
            throw new InputException($"{path}: no word vectors");
        using FileStream stream = LfsPointer.Refuse(File.OpenRead(path), path);
        return new WordVectorFile(vectors, dimensions, Convert.ToHexStringLower(SHA256.HashData(stream).AsSpan(0, 16)));
    }

    /// <summary>
    /// The mean of the vectors of the words that are known, scaled to length 1; zeros when none is. Returns the number of words.
    /// </summary>
    public int Embed(string text, Span<float> vector)
    {
        vector.Clear();
        int words = 0;
        foreach (Range range in text.AsSpan().SplitAny(' ', '\t', '\n', '\r'))
        {
            ReadOnlySpan<char> word = text.AsSpan()[range];
            if (word.Length == 0)
                continue;
            words++;
            if (Find(word) is { } found)
                System.Numerics.Tensors.TensorPrimitives.Add(vector, found, vector);
        }

        Numerics.VectorMath.Normalize(vector);
        return words;
    }

    /// <summary>The vector of a word as it stands, in small letters, or without the marks around it.</summary>
    private float[]? Find(ReadOnlySpan<char> word)
    {
        Dictionary<string, float[]>.AlternateLookup<ReadOnlySpan<char>> lookup = _vectors.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(word, out float[]? vector))
            return vector;
        Span<char> small = word.ToArray();
        word.ToLowerInvariant(small);
        if (lookup.TryGetValue(small, out vector))
            return vector;
        int start = 0,
            end = small.Length;
        while (start < end && !char.IsLetterOrDigit(small[start]))
            start++;
        while (end > start && !char.IsLetterOrDigit(small[end - 1]))
            end--;
        return lookup.TryGetValue(small[start..end], out vector) ? vector : null;
    }

    private static float[] Parse(string[] fields, string path, int number)
    {
        float[] vector = new float[fields.Length - 1];
        for (int i = 0; i < vector.Length; i++)
        {
            if (
                !float.TryParse(fields[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out vector[i])
                || !float.IsFinite(vector[i])
            )
            {
                throw new InputException($"{path}:{number}: '{fields[i + 1]}' is not a number");
            }
        }

        return vector;
    }

    private static bool IsCounts(string line) =>
        line.Split(' ') is [var words, var length]
        && int.TryParse(words, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
