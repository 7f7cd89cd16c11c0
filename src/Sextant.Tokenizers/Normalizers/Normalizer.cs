namespace Sextant.Tokenizers.Normalizers;

/// <summary>Rewrites text before it is cut. Thread-safe.</summary>
internal abstract class Normalizer
{
    /// <param name="text">Well-formed UTF-16.</param>
    public abstract string Apply(string text);
}

/// <summary>Several, one after the other.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<Normalizer> steps) : Normalizer
{
    public override string Apply(string text) => steps.Aggregate(text, static (current, step) => step.Apply(current));
}

/// <summary>A rule that fits into a line.</summary>
internal sealed class TextRule(Func<string, string> rule) : Normalizer
{
    public override string Apply(string text) => text.Length == 0 ? text : rule(text);
}
