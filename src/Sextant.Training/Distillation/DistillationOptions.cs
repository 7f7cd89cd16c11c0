using System.Text.Json.Serialization;

namespace Sextant.Training.Distillation;

/// <summary>What decides the result of a distillation. The same teacher, corpus, options and seed give the same weights.</summary>
public sealed record DistillationOptions
{
    /// <summary>Tokens of a vocabulary learned from the corpus, from 1,000 to 1,000,000.</summary>
    public int VocabularySize { get; init; } = 48_000;

    /// <summary>How many of them are pieces of words, less than <see cref="VocabularySize"/>.</summary>
    public int WordPieces { get; init; } = 6_000;

    /// <summary>
    /// The vocabulary, pieces that continue a word marked with <c>##</c>, the unknown token <c>[UNK]</c> among them; learned from the
    /// corpus when <see langword="null"/>, or the built-in model's (English) without a corpus.
    /// </summary>
    public IReadOnlyList<string>? Vocabulary { get; init; }

    /// <summary>Dimensions of the student, at least 1; the teacher's where it has fewer.</summary>
    public int Dimensions { get; init; } = 256;

    /// <summary>Dimensions to which the student's vectors can be cut (Matryoshka); larger ones than its own are left out.</summary>
    public IReadOnlyList<int> MatryoshkaDimensions { get; init; } = [256, 128, 64, 32];

    /// <summary>Epochs over the corpus; 0 keeps the token vectors as the teacher gave them.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Texts in a batch, at least 4. Similarities are matched within a batch.</summary>
    public int Batch { get; init; } = 512;

    /// <summary>The highest learning rate, more than 0.</summary>
    public float LearningRate { get; init; } = 0.01f;

    /// <summary>Steps of warm-up; never more than a tenth of the run.</summary>
    public int Warmup { get; init; } = 100;

    /// <summary>
    /// Divides the similarities within a batch before they are compared, more than 0; lower gives near neighbors more weight.
    /// </summary>
    public float Temperature { get; init; } = 0.4f;

    /// <summary>The weight of the similarities within a batch, relative to the cosine to the teacher's vector; 0 disables them.</summary>
    public float SimilarityWeight { get; init; } = 1;

    /// <summary>
    /// The a of smooth inverse frequency, weight = a / (a + p), for the first token vectors (Arora et al. 2017); 0 gives all tokens
    /// the same weight. p is the token's share of the corpus.
    /// </summary>
    public float FrequencySmoothing { get; init; } = 0.001f;

    /// <summary>Tokens of a text beyond these are not trained on, at least 1.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>The share of the corpus that is held out to measure with, from 0 up to 1; never more than 2,000 texts.</summary>
    public double ValidationFraction { get; init; } = 0.05;

    /// <summary>A folder for the untrained student, for comparison; <see langword="null"/> to write none.</summary>
    [JsonIgnore]
    public string? UntrainedDirectory { get; init; }

    /// <summary>Decides every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Check()
    {
        Require(VocabularySize is >= 1_000 and <= 1_000_000, "the vocabulary must have 1,000 to 1,000,000 tokens");
        Require(WordPieces >= 0 && WordPieces < VocabularySize, "the vocabulary must have more tokens than word pieces");
        Require(Dimensions is >= 1 and <= 4096, "dimensions must be from 1 to 4,096");
        Require(MatryoshkaDimensions.All(static d => d >= 1), "Matryoshka dimensions must be at least 1");
        Require(Epochs >= 0, "epochs cannot be negative");
        Require(Batch >= 4, "the batch size must be at least 4");
        Require(LearningRate > 0 && float.IsFinite(LearningRate), "the learning rate must be more than 0");
        Require(Warmup >= 0, "warm-up steps cannot be negative");
        Require(Temperature > 0 && float.IsFinite(Temperature), "the temperature must be more than 0");
        Require(SimilarityWeight >= 0 && float.IsFinite(SimilarityWeight), "the similarity weight cannot be negative");
        Require(FrequencySmoothing >= 0 && float.IsFinite(FrequencySmoothing), "the frequency smoothing cannot be negative");
        Require(MaxTokens >= 1, "maximum tokens must be at least 1");
        Require(ValidationFraction is >= 0 and < 1, "the held-out share must be from 0 to below 1");

        static void Require(bool condition, string problem)
        {
            if (!condition)
            {
                throw new InputException(problem);
            }
        }
    }

    /// <summary>The options in one line, for fingerprints.</summary>
    internal string Describe() => System.Text.Json.JsonSerializer.Serialize(this);
}
