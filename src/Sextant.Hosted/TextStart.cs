namespace Sextant.Hosted;

/// <summary>Shows a text in a message.</summary>
internal static class TextStart
{
    /// <summary>Its first characters, none of them cut in half.</summary>
    public static string Cut(string text) =>
        text.Length <= 40 ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[39]) ? 39 : 40), "…");
}
