using System.Globalization;
using System.Text;
using SkiaSharp;

namespace Sextant.Plotting.Text;

/// <summary>A stretch of text of one typeface and one direction.</summary>
/// <param name="Text">The text, in the order in which it is read.</param>
/// <param name="Typeface">The typeface that can draw it.</param>
/// <param name="RightToLeft">Whether it is read from right to left, as Arabic and Hebrew are.</param>
internal readonly record struct TextRun(string Text, SKTypeface Typeface, bool RightToLeft)
{
    /// <summary>
    /// The stretches of a text, from left to right as they stand on the page. What no font here can draw has become an ellipsis
    /// (one for each stretch of it), never a row of boxes.
    /// </summary>
    public static IReadOnlyList<TextRun> Split(string text)
    {
        List<TextRun> runs = [];
        StringBuilder current = new();
        SKTypeface typeface = Typefaces.Own;
        bool rightToLeft = false,
            missing = false;
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            string element = elements.GetTextElement();
            SKTypeface? able = Typefaces.Find(element);
            if (able is null)
            {
                if (missing)
                    continue;
                element = "…";
            }

            missing = able is null;
            able ??= Typefaces.Own;
            bool turns = Direction(element) is { } direction && direction != rightToLeft;
            if (current.Length > 0 && (able != typeface || turns))
                End();
            if (turns)
                rightToLeft = !rightToLeft;
            typeface = able;
            current.Append(element);
        }

        if (current.Length > 0)
            End();
        if (runs.Count > 0 && runs[0].RightToLeft)
            runs.Reverse();
        return runs;

        void End()
        {
            runs.Add(new(current.ToString(), typeface, rightToLeft));
            current.Clear();
        }
    }

    /// <summary>The characters of texts that no font here can draw, each once.</summary>
    public static IReadOnlyList<string> FindMissing(IEnumerable<string> texts)
    {
        HashSet<string> drawable = new(StringComparer.Ordinal),
            missing = new(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
            while (elements.MoveNext())
            {
                string element = elements.GetTextElement();
                if (!drawable.Contains(element) && !missing.Contains(element))
                    (Typefaces.Find(element) is null ? missing : drawable).Add(element);
            }
        }

        return [.. missing];
    }

    // Letters and digits have a direction; spaces and signs go with what stands before them.
    private static bool? Direction(string element) =>
        element[0] switch
        {
            (>= '\u0590' and <= '\u08ff') or (>= '\ufb1d' and <= '\ufdff') or (>= '\ufe70' and <= '\ufeff') => true,
            char c when char.IsLetterOrDigit(c) || char.IsSurrogate(c) => false,
            _ => null,
        };
}
