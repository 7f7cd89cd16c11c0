using System.Text.Json;
using System.Text.Json.Serialization;
using Sextant.Training.Runs;

namespace Sextant.Training.Recipes;

/// <summary>
/// All settings that determine a static model trained from scratch: with the same data it produces the same weights. Stored as JSON next to
/// the trained model.
/// </summary>
public sealed record StaticModelRecipe
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The pairs.</summary>
    public required IReadOnlyList<RecipeSource> Sources { get; init; }

    /// <summary>Distillation from other models; <see langword="null"/> to learn from the pairs only.</summary>
    public RecipeDistillation? Distillation { get; init; }

    /// <summary>
    /// A static model to start from, a folder next to the data or a name, whose vocabulary is kept; <see langword="null"/> to start from
    /// scratch. Its rows are first rotated to match the teachers, if the recipe has any.
    /// </summary>
    public string? Start { get; init; }

    /// <summary>Files and folders, relative to the data folder, whose texts are never trained on.</summary>
    public IReadOnlyList<string> HeldBack { get; init; } = [];

    /// <summary>How many tokens the vocabulary has at most.</summary>
    public int VocabularySize { get; init; } = 48_000;

    /// <summary>How many of them are pieces of words.</summary>
    public int WordPieces { get; init; } = 6_000;

    /// <summary>The shortest run of letters that words share while training.</summary>
    public int ShortestLetters { get; init; } = 4;

    /// <summary>The longest run of letters that words share while training; 0 for none.</summary>
    public int LongestLetters { get; init; } = 5;

    /// <summary>Whether words of one stem share a part of their vector while training.</summary>
    public bool Stems { get; init; } = true;

    /// <summary>The length of the vectors.</summary>
    public int Dimensions { get; init; } = 256;

    /// <summary>Lengths to which they may be cut.</summary>
    public IReadOnlyList<int> MatryoshkaDimensions { get; init; } = [256, 128, 64, 32];

    /// <summary>Tokens of a text beyond these are not trained on.</summary>
    public int MaxTokens { get; init; } = 64;

    /// <summary>
    /// The position whose token counts half as much as the first, while training and in the model: 1 / (1 + position / scale);
    /// <see langword="null"/> where all count the same. The topic of a text tends to come first.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? PositionScale { get; init; }

    /// <summary>Pairs in a batch.</summary>
    public int Batch { get; init; } = 1024;

    /// <summary>Epochs over the data.</summary>
    public int Passes { get; init; } = 3;

    /// <summary>The highest learning rate.</summary>
    public float LearningRate { get; init; } = 0.02f;

    /// <summary>Steps in which it is reached.</summary>
    public int Warmup { get; init; } = 100;

    /// <summary>How it falls again.</summary>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Linear;

    /// <summary>The factor of the cosines in the ranking loss.</summary>
    public float Scale { get; init; } = 20;

    /// <summary>The chance that an occurrence of a token is left out.</summary>
    public float TokenDropout { get; init; } = 0.2f;

    /// <summary>The chance that a token goes without one of its features in a batch.</summary>
    public float FeatureDropout { get; init; } = 0.2f;

    /// <summary>The post-processing of the trained vectors.</summary>
    public TableFinish Finish { get; init; } = new();

    /// <summary>Decides every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="InputException">The file does not exist, or is not a recipe.</exception>
    public static StaticModelRecipe Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"{path}: no such file");
        }

        try
        {
            return JsonSerializer.Deserialize<StaticModelRecipe>(File.ReadAllText(path), Options)?.Checked(path)
                ?? throw new InputException($"{path}: empty");
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}:{e.LineNumber + 1}: not a recipe ({e.Message})", e);
        }
    }

    /// <summary>The recipe as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    private StaticModelRecipe Checked(string path)
    {
        Require(Sources.Count > 0 || Distillation is { Sources.Count: > 0 } or { WordWeight: > 0 }, "has no sources");
        Require(Sources.Concat(Distillation?.Sources ?? []).All(static source => source.Every >= 1), "sources: every must be at least 1");
        Require(Dimensions is > 0 and <= 4096, "dimensions must be from 1 to 4096");
        Require(
            MatryoshkaDimensions.Count > 0 && MatryoshkaDimensions.All(d => d > 0 && d <= Dimensions),
            "matryoshkaDimensions must be from 1 to dimensions"
        );
        Require(VocabularySize is > 100 and <= 1_000_000, "vocabularySize must be from 100 to 1,000,000");
        Require(PositionScale is null or (> 0 and < float.PositiveInfinity), "positionScale must be more than 0");
        Require(Batch >= 2 && Passes >= 1 && MaxTokens >= 1 && Warmup >= 0, "batch, passes, maxTokens or warmup is out of range");
        Require(
            Distillation
                is null
                    or { Teachers.Count: > 0, Batch: >= 2, MaxWords: >= 1, Temperature: > 0, SimilarityWeight: >= 0, Weight: > 0 }
                && (Distillation?.Teachers.All(static teacher => teacher.Weight > 0) ?? true),
            "distillation: needs a teacher; batch must be at least 2, temperature and weights more than 0"
        );
        Require(LearningRate > 0 && Scale > 0, "learningRate and scale must be more than 0");
        Require(TokenDropout is >= 0 and < 1 && FeatureDropout is >= 0 and < 1, "dropout must be from 0 up to 1");
        Require(
            Finish.StartBeside is null or > 0 && (Finish.StartBeside is null || Start is not null),
            "finish: startBeside must be more than 0, and needs a start"
        );
        Require(
            Finish.Whitening is >= 0 and <= 1 && Finish.RareLengths is not { Evenness: < 0 or > 1 } and not { Length: <= 0 },
            "finish: whitening and evenness must be from 0 to 1, length more than 0"
        );
        return this;

        void Require(bool condition, string problem)
        {
            if (!condition)
            {
                throw new InputException($"{path}: {problem}");
            }
        }
    }
}
