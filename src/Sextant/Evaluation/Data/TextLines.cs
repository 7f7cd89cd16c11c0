using System.Globalization;
using System.Text;

namespace Sextant.Evaluation.Data;

/// <summary>Lines of a data file, each with its place for messages.</summary>
internal static class TextLines
{
    /// <summary>The lines that hold something. A byte that is not UTF-8 is read as Latin-1, which some old sets mix in.</summary>
    public static IEnumerable<(string Text, string Place)> Of(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            text = Encoding.Latin1.GetString(bytes);
        }

        int number = 0;
        using var reader = new StringReader(text.TrimStart('\uFEFF'));
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line)) yield return (line, string.Create(CultureInfo.InvariantCulture, $"{path}:{number}"));
        }
    }

    /// <summary>Reads a number or says where there is none.</summary>
    public static double Number(string text, string place) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new InputException($"{place}: '{text.Trim()}' is not a number; a score was expected there");
}
