using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Sextant.Sources;

namespace Sextant.Training.Data;

/// <summary>
/// Texts that must not be trained on, because models are measured with them. Files are read without knowing their format:
/// whole lines, fields between tabs, quoted strings and text between tags all count, compared by letters and digits alone.
/// That takes out a little too much rather than too little. Texts of a single word are let through: a dictionary needs them.
/// </summary>
internal sealed partial class HeldBackTexts
{
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>How many different texts are held back.</summary>
    public int Count => _texts.Count;

    /// <summary>Adds the texts of a file, of a zip's files, or of a folder's.</summary>
    public void AddFile(string path)
    {
        if (Directory.Exists(path))
        {
            foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
            {
                AddFile(file);
            }
        }
        else if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            AddArchive(path);
        }
        else
        {
            AddLines(RowFile.Open(path));
        }
    }

    /// <summary>Whether the text is one of them.</summary>
    public bool Contains(string text) => _texts.Contains(Reduce(text));

    private void AddArchive(string path)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            foreach (ZipArchiveEntry entry in archive.Entries.Where(static entry => entry.Length > 0))
            {
                AddLines(entry.Open());
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the zip cannot be read ({e.Message.TrimEnd('.')}); download it again", e);
        }
    }

    private void AddLines(Stream stream)
    {
        using StreamReader reader = new(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            AddText(line);
            AddText(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            AddText(line[..Math.Max(0, line.LastIndexOf(','))]);
            foreach (string field in line.Split('\t'))
            {
                AddText(field);
            }

            foreach (Match match in Parts().Matches(line))
            {
                AddText(match.Value);
            }
        }
    }

    private void AddText(string text)
    {
        string reduced = Reduce(text);
        if (reduced.Contains(' ', StringComparison.Ordinal))
        {
            _texts.Add(reduced);
        }
    }

    private static string Reduce(string text)
    {
        var reduced = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                reduced.Append(char.ToLowerInvariant(c));
            }
            else if (reduced.Length > 0 && reduced[^1] != ' ')
            {
                reduced.Append(' ');
            }
        }

        return reduced.ToString().TrimEnd();
    }

    [GeneratedRegex("\"[^\"]+\"|'[^']{8,}'|>[^<]+<", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Parts();
}
