using System.Text.Json.Nodes;

namespace Sextant.Onnx.Tests;

/// <summary>A copy of one of the folders in <c>Fixtures</c> in a temporary folder, where a test may change it.</summary>
internal abstract class FixtureCopy : IDisposable
{
    protected FixtureCopy(string name)
    {
        Folder = Directory.CreateTempSubdirectory("sextant-onnx-").FullName;
        string source = Path.Combine(Fixtures, name);
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(Folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public static string Fixtures { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public string Folder { get; }

    public string PathOf(string file) => Path.Combine(Folder, file);

    public void Write(string file, JsonNode content) => WriteText(file, content.ToJsonString());

    public void WriteText(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), content);
    }

    /// <summary>Changes one of the folder's JSON files.</summary>
    public void Edit(string file, Action<JsonObject> change)
    {
        JsonObject content = JsonNode.Parse(File.ReadAllText(PathOf(file)))!.AsObject();
        change(content);
        Write(file, content);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
