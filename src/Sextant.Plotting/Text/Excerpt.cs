using System.Globalization;
using System.Text;

namespace Sextant.Plotting.Text;

/// <summary>The beginning of a text, on one line.</summary>
internal static class Excerpt
{
    /// <summary>
    /// The first <paramref name="length"/> characters as people count them (an emoji or a letter with its accents is one), with runs of
    /// white space made one space, what cannot be seen or written left out, and an ellipsis where something is missing.
    /// </summary>
    public static string Cut(string text, int length)
    {
        StringBuilder excerpt = new();
        int count = 0;
        bool space = false;
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            string element = elements.GetTextElement();
            if (!Rune.TryGetRuneAt(element, 0, out Rune first))
                first = Rune.ReplacementChar;
            switch (Rune.GetUnicodeCategory(first))
            {
                case UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Control:
                    space = count > 0;
                    continue;
                case UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned:
                    continue;
            }

            if (count + (space ? 1 : 0) >= length)
                return excerpt.Append('…').ToString();
            if (space)
            {
                excerpt.Append(' ');
                count++;
                space = false;
            }

            excerpt.Append(first == Rune.ReplacementChar ? "\ufffd" : element);
            count++;
        }

        return excerpt.ToString();
    }
}
