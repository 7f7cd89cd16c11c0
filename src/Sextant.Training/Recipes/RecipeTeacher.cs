namespace Sextant.Training.Recipes;

/// <summary>A model that a <see cref="StaticModelRecipe"/> learns from in addition to its pairs.</summary>
public sealed record RecipeTeacher
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Its share in the similarities that the student is to match, relative to the other teachers' shares.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>
    /// Whether texts that end with a question mark are embedded as queries, for a teacher that embeds queries and documents differently.
    /// </summary>
    public bool QuestionsAreQueries { get; init; }
}
