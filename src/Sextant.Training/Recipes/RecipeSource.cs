namespace Sextant.Training.Recipes;

/// <summary>One file of pairs in a <see cref="StaticModelRecipe"/>.</summary>
public sealed record RecipeSource
{
    /// <summary>The file, relative to the data folder; .tsv, .csv or .jsonl, also as .gz.</summary>
    public required string File { get; init; }

    /// <summary>How often each pair is seen in a pass: 0.3 is three passes in ten, 3 is three times.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>One row of so many is read, the first of them, and the others are left out.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Whether the third column names the kind of pair instead of a negative; each kind becomes a separate source.</summary>
    public bool ThirdColumnIsKind { get; init; }

    /// <summary>Weights for some kinds; others have <see cref="Weight"/>.</summary>
    public IReadOnlyDictionary<string, double> KindWeights { get; init; } = new Dictionary<string, double>();

    /// <summary>Whether to train on sentences that follow each other in the file's longer texts, instead of on its pairs.</summary>
    public bool AdjacentSentences { get; init; }

    /// <summary>Whether to train on random samples of the words of the file's longer texts, instead of on its pairs.</summary>
    public bool WordSamples { get; init; }
}
