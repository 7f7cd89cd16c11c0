namespace Sextant.Training.Tests;

/// <summary>A separate folder for one test, deleted afterward.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sextant-training-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, params IEnumerable<string> lines)
    {
        System.IO.File.WriteAllLines(File(name), lines);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
