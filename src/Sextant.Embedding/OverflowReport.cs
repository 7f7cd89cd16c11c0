namespace Sextant.Embedding;

/// <summary>A text over the model's limit, and how it was handled.</summary>
/// <param name="Index">The text's position in the request, from 0.</param>
/// <param name="Tokens">The number of tokens of the text.</param>
/// <param name="Limit">The maximum number of tokens, minus the role's prompt.</param>
/// <param name="Action"><see cref="OverflowPolicy.Truncate"/> or <see cref="OverflowPolicy.Chunk"/>.</param>
public sealed record OverflowReport(int Index, int Tokens, int Limit, OverflowPolicy Action);
