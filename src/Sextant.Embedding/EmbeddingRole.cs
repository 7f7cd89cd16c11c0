namespace Sextant.Embedding;

/// <summary>
/// The part a text plays. Many models embed a question and the text that answers it differently
/// (a prompt in front, another <c>input_type</c>), so the role is part of every request and of every cache key.
/// </summary>
public enum EmbeddingRole
{
    /// <summary>A text that is stored and found.</summary>
    Document = 0,

    /// <summary>A text that asks.</summary>
    Query = 1,
}
