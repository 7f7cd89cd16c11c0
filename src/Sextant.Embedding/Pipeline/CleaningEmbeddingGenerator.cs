using System.Buffers;
using System.Text;
using Microsoft.Extensions.AI;

namespace Sextant.Embedding.Pipeline;

/// <summary>
/// Cleans texts: line breaks (CR LF counts as one), tabs and control characters become one space each, lone surrogates become U+FFFD. Most
/// texts need no cleaning and pass unchanged.
/// </summary>
internal sealed class CleaningEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner) : EmbeddingLayer(inner)
{
    private static readonly SearchValues<char> Suspects = SearchValues.Create([
        .. Enumerable
            .Range(0, 0x20)
            .Concat(Enumerable.Range(0x7F, 0x21))
            .Concat([0x2028, 0x2029])
            .Concat(Enumerable.Range(0xD800, 0x800))
            .Select(static value => (char)value),
    ]);

    protected override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        string[]? cleaned = null;
        for (int i = 0; i < texts.Count; i++)
        {
            string text = texts[i] ?? throw new ArgumentException($"The text at index {i} is null.", nameof(texts));
            string clean = Clean(text);
            if (!ReferenceEquals(clean, text))
            {
                cleaned ??= [.. texts];
                cleaned[i] = clean;
            }
        }

        return AskAsync(cleaned ?? texts, options, cancellationToken);
    }

    internal static string Clean(string text)
    {
        int first = text.AsSpan().IndexOfAny(Suspects);
        if (first < 0)
        {
            return text;
        }

        var builder = new StringBuilder(text.Length);
        builder.Append(text, 0, first);
        for (int i = first; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsSurrogate(c))
            {
                Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int consumed);
                builder.Append(rune);
                i += consumed - 1;
            }
            else if (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                continue;
            }
            else
            {
                builder.Append(Suspects.Contains(c) ? ' ' : c);
            }
        }

        return builder.Length == text.Length && builder.Equals(text) ? text : builder.ToString();
    }
}
