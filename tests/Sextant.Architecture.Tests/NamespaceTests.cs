using System.Text.RegularExpressions;

namespace Sextant.Architecture.Tests;

/// <summary>A namespace is its folder, and the first part of it is the project's name.</summary>
public sealed partial class NamespaceTests
{
    /// <summary>The exceptions: what a user names in a first program is in <c>Sextant</c> itself.</summary>
    private static readonly string[] InSextantItself = ["Sextant.Primitives", "Sextant.Core", "Sextant.DependencyInjection"];

    public static TheoryData<string> Projects => [.. SourceProject.All.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Root_namespace_of_a_project_is_its_name(string name) =>
        Assert.Equal(InSextantItself.Contains(name) ? "Sextant" : name, SourceProject.All[name].RootNamespace);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespace_matches_its_folder(string name)
    {
        SourceProject project = SourceProject.All[name];

        Assert.Empty(
            project.CodeFiles.Where(file => Namespace(file) is { } given && given != Expected(project, file)).Select(Path.GetFileName)
        );
    }

    [Fact]
    public void Namespace_of_tests_matches_their_folder() =>
        Assert.DoesNotContain(
            CodeTree.Files("tests"),
            static file => Namespace(Path.Combine(CodeTree.Root, file)) is { } given && given != ExpectedInTests(file)
        );

    private static string? Namespace(string file) =>
        NamespaceLine.Match(File.ReadAllText(file)) is { Success: true } match ? match.Groups["name"].Value : null;

    private static string Expected(SourceProject project, string file)
    {
        // Methods on another's type are found where that type is.
        if (Path.GetFileName(file) is "SextantServiceCollectionExtensions.cs" or "SextantVectorDataServiceCollectionExtensions.cs")
            return "Microsoft.Extensions.DependencyInjection";
        // What the user of a package names is in its own namespace.
        if (Path.GetFileName(file) is "ModelPackager.cs" or "ModelPackageOptions.cs")
            return project.RootNamespace;
        string folder = Path.GetRelativePath(project.Folder, Path.GetDirectoryName(file)!);
        return folder == "." ? project.RootNamespace : $"{project.RootNamespace}.{folder.Replace(Path.DirectorySeparatorChar, '.')}";
    }

    private static string ExpectedInTests(string file)
    {
        string folder = CodeTree.FolderOf(file)["tests/".Length..].Replace('/', '.');
        return folder.StartsWith("Shared", StringComparison.Ordinal) ? $"Sextant.Tests.{folder}" : folder;
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamespaceLine { get; }
}
