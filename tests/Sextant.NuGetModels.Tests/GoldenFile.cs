using System.Text.Json;

namespace Sextant.NuGetModels.Tests;

/// <summary>What the reference computes for a model, made by <c>npm/golden.mjs</c>.</summary>
internal sealed record GoldenFile(string Reference, IReadOnlyDictionary<string, double> Scores, IReadOnlyList<GoldenText> Texts)
{
    public static GoldenFile Read(string model) =>
        JsonSerializer.Deserialize<GoldenFile>(
            File.ReadAllText(Path.Combine(RealPackages.ProjectFolder, "Golden", model + ".json")),
            JsonSerializerOptions.Web
        )!;
}

/// <summary>A text and its normalized vector; a query has the model's prompt before it.</summary>
internal sealed record GoldenText(string Text, bool IsQuery, float[] Vector);
