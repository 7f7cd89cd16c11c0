using System.Reflection;
using System.Xml.Linq;

namespace Sextant.Architecture.Tests;

/// <summary>A project in <c>src</c>, as its file says.</summary>
internal sealed record SourceProject(
    string Name,
    string Folder,
    string RootNamespace,
    IReadOnlyList<string> Projects,
    IReadOnlyList<string> Packages,
    IReadOnlyList<string> ShowsInternalsTo
)
{
    public static string SourceFolder { get; } =
        typeof(SourceProject).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "SourceFolder").Value!;

    /// <summary>The package of references only, and what carries libtorch or Aspire, which these tests do without.</summary>
    public static string[] WithoutAssembly { get; } =
    ["Sextant", "Sextant.Aspire.Hosting", "Sextant.Training.Torch", "Sextant.Training.Torch.Host"];

    public static IReadOnlyDictionary<string, SourceProject> All { get; } =
        Directory
            .EnumerateDirectories(SourceFolder)
            .SelectMany(static folder => Directory.EnumerateFiles(folder, "*.csproj"))
            .Select(Read)
            .ToDictionary(static p => p.Name, StringComparer.Ordinal);

    /// <summary>The project and all that it stands on.</summary>
    public IEnumerable<SourceProject> Carried =>
        Projects.SelectMany(static p => All[p].Carried).Prepend(this).DistinctBy(static p => p.Name);

    public IEnumerable<string> CodeFiles =>
        Directory
            .EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Folder, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj" or "web"));

    private static SourceProject Read(string path)
    {
        XDocument file = XDocument.Load(path);
        string name = Path.GetFileNameWithoutExtension(path);
        return new SourceProject(
            name,
            Path.GetDirectoryName(path)!,
            file.Descendants("RootNamespace").SingleOrDefault()?.Value ?? name,
            [.. Included(file, "ProjectReference").Select(static p => Path.GetFileNameWithoutExtension(p.Replace('\\', '/')))],
            [.. Included(file, "PackageReference")],
            [.. Included(file, "InternalsVisibleTo")]
        );
    }

    private static IEnumerable<string> Included(XDocument file, string item) =>
        file.Descendants(item).Select(static e => e.Attribute("Include")!.Value);
}
