using System.Reflection;

namespace Sextant.NuGetModels.Tests;

/// <summary>The packages of real models that the project file restores.</summary>
internal static class RealPackages
{
    public const string Version = "24.9.52193";

    /// <summary>The <c>.nupkg</c> of all-MiniLM-L6-v2.</summary>
    public static string MiniLM => Nupkg("MiniLM");

    /// <summary>The <c>.nupkg</c> of snowflake-arctic-embed-xs.</summary>
    public static string ArcticXs => Nupkg("ArcticXs");

    /// <summary>The folder of this test project in the repository.</summary>
    public static string ProjectFolder => Metadata("ProjectFolder");

    private static string Nupkg(string key) => Directory.GetFiles(Metadata(key), "*.nupkg").Single();

    private static string Metadata(string key) =>
        typeof(RealPackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
