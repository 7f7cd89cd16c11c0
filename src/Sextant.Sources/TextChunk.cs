namespace Sextant.Sources;

/// <summary>A part of a document.</summary>
/// <param name="Id">The document's id when it is whole, else with the number of the part: <c>id#1</c>, <c>id#2</c> …</param>
/// <param name="Text">The text of the part.</param>
public sealed record TextChunk(string Id, string Text);
