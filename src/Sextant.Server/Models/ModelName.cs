namespace Sextant.Server.Models;

/// <summary>
/// The name of a model for clients. A model in a folder has the folder's name, since its path on this machine concerns only the operator.
/// </summary>
internal static class ModelName
{
    /// <summary>The name that clients see and use.</summary>
    public static string Public(string name) =>
        Path.IsPathRooted(name) || Directory.Exists(name) || File.Exists(name)
            ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(name)))
            : name;
}
