using System.Text.Json.Serialization;

namespace Quickstart;

/// <summary>One line of faq.jsonl.</summary>
internal sealed record Question([property: JsonPropertyName("question")] string Text, string Answer, string Topic);
