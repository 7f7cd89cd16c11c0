namespace Sextant.Training.Recipes;

/// <summary>
/// What a <see cref="StaticModelRecipe"/> learns from other models: batches of texts whose embeddings are to match the teachers',
/// mixed with the batches of pairs.
/// </summary>
public sealed record RecipeDistillation
{
    /// <summary>The teachers; a text's cosine to another is the weighted mean of theirs.</summary>
    public required IReadOnlyList<RecipeTeacher> Teachers { get; init; }

    /// <summary>Files of texts, two in a row; rows need not be pairs of one meaning.</summary>
    public required IReadOnlyList<RecipeSource> Sources { get; init; }

    /// <summary>
    /// How often each word of the vocabulary occurs as a single text in an epoch, so that single words match the teachers; 0 for never.
    /// </summary>
    public double WordWeight { get; init; }

    /// <summary>
    /// Words of a text after which it is cut, for the teachers as well as the student: the time of a transformer grows with a text's
    /// length.
    /// </summary>
    public int MaxWords { get; init; } = 64;

    /// <summary>Rows in a batch; half as many as texts.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>The temperature at which similarities within a batch are compared.</summary>
    public float Temperature { get; init; } = 0.4f;

    /// <summary>The weight of the similarities within a batch, relative to the cosine to the teacher.</summary>
    public float SimilarityWeight { get; init; } = 1;

    /// <summary>The weight of these batches' gradients, relative to those of the pairs.</summary>
    public float Weight { get; init; } = 1;
}
