using System.Reflection;
using System.Text.Json;

namespace Sextant.Evaluation.Data;

/// <summary>Scores that others published of a model; not measured here.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Dimensions">The length of its vectors.</param>
/// <param name="Scores">Main scores by the name of the task.</param>
/// <param name="Files">For each of these tasks the file that it was read from, in the source.</param>
public sealed record PublishedModel(
    string Model,
    int Dimensions,
    IReadOnlyDictionary<string, double> Scores,
    IReadOnlyDictionary<string, string> Files
);

/// <summary>Published scores, for orientation: MTEB's public results, for the tasks whose data is the same as theirs.</summary>
/// <param name="Source">The source of the scores.</param>
/// <param name="Commit">Which edition of the source.</param>
/// <param name="Models">The models.</param>
public sealed record PublishedScores(string Source, string Commit, IReadOnlyList<PublishedModel> Models)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The scores that the library carries.</summary>
    public static PublishedScores Default { get; } = Read();

    private static PublishedScores Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Sextant.Evaluation.published.json")!;
        return JsonSerializer.Deserialize<PublishedScores>(stream, Json)!;
    }
}
