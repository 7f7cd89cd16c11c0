namespace Sextant.Architecture.Tests;

/// <summary>The folders of code in this repository.</summary>
internal static class CodeTree
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules"];

    public static string Root { get; } = Path.GetDirectoryName(SourceProject.SourceFolder)!;

    /// <summary>The files of code below <paramref name="folder"/>, by their path from the root, with <c>/</c> between its parts.</summary>
    public static IEnumerable<string> Files(string folder)
    {
        string path = Path.Combine(Root, folder);
        IEnumerable<string> here = Directory
            .EnumerateFiles(path, "*.cs")
            .Select(static file => Path.GetRelativePath(Root, file).Replace('\\', '/'));
        return Directory
            .EnumerateDirectories(path)
            .Select(static child => Path.GetFileName(child))
            .Where(static name => !NotOurs.Contains(name))
            .SelectMany(name => Files($"{folder}/{name}"))
            .Concat(here);
    }

    /// <summary>The folder of a file that <see cref="Files"/> lists.</summary>
    public static string FolderOf(string file) => file[..file.LastIndexOf('/')];
}
