namespace Sextant.Embedding;

/// <summary>One text of a request that was over the model's limit, and what was done about it.</summary>
/// <param name="Index">The text's position in the request, from 0.</param>
/// <param name="Tokens">How many tokens it has.</param>
/// <param name="Limit">How many the model reads, the role's prompt taken off.</param>
/// <param name="Action"><see cref="Overflow.Truncate"/> or <see cref="Overflow.Chunk"/>.</param>
public sealed record TextOverflow(int Index, int Tokens, int Limit, Overflow Action);
