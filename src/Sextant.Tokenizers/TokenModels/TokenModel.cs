namespace Sextant.Tokenizers.TokenModels;

/// <summary>Takes one word apart into ids of its vocabulary. Thread-safe.</summary>
internal abstract class TokenModel
{
    /// <summary>The id of the unknown token; -1 if the model has none.</summary>
    public abstract int UnknownId { get; }

    /// <summary>The highest id of the vocabulary.</summary>
    public abstract int MaxId { get; }

    /// <summary>The id of a whole token; <see langword="null"/> when the vocabulary lacks it.</summary>
    public abstract int? Find(string token);

    /// <summary>Appends the ids of <paramref name="word"/>, which is not empty.</summary>
    public abstract void Encode(ReadOnlySpan<char> word, List<int> ids);
}
