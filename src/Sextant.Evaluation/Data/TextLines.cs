using System.Globalization;
using System.Text;
using Sextant.Sources;

namespace Sextant.Evaluation.Data;

/// <summary>Lines of a data file, plain or as .gz, each with its place for messages.</summary>
internal static class TextLines
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines that hold something.</summary>
    public static IEnumerable<(string Text, string Place)> ReadNonBlank(string path) =>
        All(path).Where(static line => !string.IsNullOrWhiteSpace(line.Text));

    /// <summary>All lines. One that is not UTF-8 is read as Latin-1, which some old sets mix in.</summary>
    public static IEnumerable<(string Text, string Place)> All(string path)
    {
        byte[] bytes = Bytes(path);
        int start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        for (int number = 1; start < bytes.Length; number++)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
                length = bytes.Length - start;
            string line = Decode(bytes.AsSpan(start, length).TrimEnd((byte)'\r'));
            start += length + 1;
            yield return (line, string.Create(CultureInfo.InvariantCulture, $"{path}:{number}"));
        }
    }

    /// <summary>Parses a number; the error for an invalid one names its place.</summary>
    public static double Number(string text, string place) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new InputException($"{place}: '{text.Trim()}' is not a number; a score was expected there");

    /// <summary>Whether a field holds a number.</summary>
    public static bool IsNumber(string text) => double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static byte[] Bytes(string path)
    {
        using Stream file = RowFile.Open(path);
        using MemoryStream bytes = new();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Decode(ReadOnlySpan<byte> line)
    {
        try
        {
            return Strict.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(line);
        }
    }
}
