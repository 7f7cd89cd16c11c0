namespace Sextant.Server.Models;

/// <summary>How clients call a model. One in a folder goes by the folder's own name, since where it is on this machine is the operator's business.</summary>
internal static class ModelName
{
    /// <summary>The name that clients see and use.</summary>
    public static string Public(string name) => Path.IsPathRooted(name) || Directory.Exists(name) || File.Exists(name)
        ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(name)))
        : name;
}
