using System.Text.Json;

namespace Sextant.Tests.Shared.Index;

/// <summary>Files that FAISS wrote, and what FAISS found in them; golden/make_faiss.py made both.</summary>
internal static class FaissGolden
{
    private static readonly Lazy<JsonElement> All = new(() => JsonDocument.Parse(File.ReadAllBytes(Path("faiss.json"))).RootElement);

    public static float[][] Queries => All.Value.GetProperty("queries").Deserialize<float[][]>()!;

    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Shared", "Index", "golden", name);

    public static (long[][] Ids, float[][] Distances) Found(string name) =>
        (
            All.Value.GetProperty(name).GetProperty("ids").Deserialize<long[][]>()!,
            All.Value.GetProperty(name).GetProperty("distances").Deserialize<float[][]>()!
        );
}
