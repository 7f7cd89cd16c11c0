using System.Text;
using System.Text.Json.Nodes;

namespace Sextant;

// Halves of surrogate pairs: legal in .NET strings and in JSON escapes, but not in UTF-8, which every store and every answer is written in.
internal static class Surrogates
{
    public const string Description = "half of a surrogate pair, which is not a character (such as \\ud800)";

    // The index of the first lone surrogate; -1 if the text is well-formed.
    public static int FindLone(ReadOnlySpan<char> text)
    {
        int first = text.IndexOfAnyInRange('\ud800', '\udfff');
        if (first < 0)
            return -1;
        for (int i = first; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return i;
            i++;
        }

        return -1;
    }

    // Whether JSON holds the escape of one, in pairs or alone: most has none, and need not be taken apart.
    public static bool MayBeEscapedIn(string json) => json.Contains("\\ud", StringComparison.OrdinalIgnoreCase);

    // Whether a name or a text anywhere in the node holds one.
    public static bool AreIn(JsonNode? node)
    {
        try
        {
            return node switch
            {
                JsonObject parent => parent.Any(field => FindLone(field.Key) >= 0 || AreIn(field.Value)),
                JsonArray items => items.Any(AreIn),
                JsonValue value => value.TryGetValue(out string? text) && FindLone(text) >= 0,
                _ => false,
            };
        }
        catch (InvalidOperationException)
        {
            // JSON that was read is decoded when it is first looked at, and cannot be where an escape stands for half a pair.
            return true;
        }
    }

    // The text with U+FFFD, Unicode's replacement character, in place of each lone surrogate.
    public static string Replace(string text) => FindLone(text) < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
