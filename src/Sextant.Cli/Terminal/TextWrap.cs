using System.Text;
using Spectre.Console.Rendering;

namespace Sextant.Cli.Terminal;

/// <summary>Breaks a line between words, by the columns that its characters take on a terminal.</summary>
internal static class TextWrap
{
    /// <summary>
    /// The lines of <paramref name="text"/>, all but the first indented. A word that is longer than a line is left whole, because it may be
    /// a name or a path, unless <paramref name="breakWords"/> is set: Chinese and Japanese have no spaces.
    /// </summary>
    public static IReadOnlyList<string> Split(string text, int width, int indent, bool breakWords = false)
    {
        List<string> lines = [];
        StringBuilder line = new();
        int used = 0,
            room = Math.Max(1, width - indent);
        bool isEmpty = true;
        foreach (string word in text.Split(' '))
        {
            int columns = Columns(word);
            if (!isEmpty && used + 1 + columns > width && (!breakWords || columns <= room))
                Break();
            if (!isEmpty)
            {
                line.Append(' ');
                used++;
            }
            if (breakWords && used + columns > width)
                AppendPieces(word);
            else
                Append(word, columns);
        }

        lines.Add(line.ToString());
        return lines;

        void AppendPieces(string word)
        {
            foreach (Rune rune in word.EnumerateRunes())
            {
                string piece = rune.ToString();
                int columns = Columns(piece);
                if (used + columns > width && !isEmpty)
                    Break();
                Append(piece, columns);
            }
        }

        void Append(string part, int columns)
        {
            line.Append(part);
            used += columns;
            isEmpty = false;
        }

        void Break()
        {
            lines.Add(line.ToString().TrimEnd());
            line.Clear().Append(' ', indent);
            used = indent;
            isEmpty = true;
        }
    }

    /// <summary>The columns that a text takes: two for each wide character.</summary>
    public static int Columns(string text) => new Segment(text).CellCount();
}
