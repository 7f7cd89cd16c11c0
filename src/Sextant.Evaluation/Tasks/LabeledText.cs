namespace Sextant.Evaluation.Tasks;

/// <summary>A text and the class it belongs to.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">The class's name.</param>
public readonly record struct LabeledText(string Text, string Label);
