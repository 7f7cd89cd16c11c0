namespace Sextant.Tokenizers;

/// <summary>How text is prepared before it is cut into words; the settings of a <c>BertNormalizer</c> in a tokenizer.json.</summary>
public sealed record BertNormalization
{
    /// <summary>Drop control characters, and treat every kind of white space alike.</summary>
    public bool CleanText { get; init; } = true;

    /// <summary>Whether every CJK ideograph becomes a separate word.</summary>
    public bool SplitIdeographs { get; init; } = true;

    /// <summary>Take accents off (see <see cref="AccentFolding"/>).</summary>
    public bool StripAccents { get; init; } = true;

    /// <summary>Lower the case of every letter.</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>The settings of uncased BERT, which Sextant's own models use.</summary>
    public static BertNormalization Uncased { get; } = new();
}
