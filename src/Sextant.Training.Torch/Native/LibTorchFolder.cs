using System.Runtime.InteropServices;

namespace Sextant.Training.Torch.Native;

/// <summary>Finds the folder with libtorch's libraries: set by the user, next to the program, or in the NuGet package folder.</summary>
internal static class LibTorchFolder
{
    /// <summary>Names a folder with another libtorch, such as one with CUDA.</summary>
    public const string Variable = "SEXTANT_LIBTORCH";

    /// <summary>The one that TorchSharp is built for.</summary>
    private const string Version = "2.10.0";

    /// <exception cref="SextantException">No such folder exists.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return Holds(named)
                ? named
                : throw new SextantException($"{named}: no libtorch in this folder; set {Variable} to the folder of its libraries");
        }

        string platform = RuntimeInformation.RuntimeIdentifier;
        string here = AppContext.BaseDirectory;
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string native = Path.Combine("runtimes", platform, "native");
        return (
                (string[])[here, Path.Combine(here, native), Path.Combine(packages, $"libtorch-cpu-{platform}", Version, native)]
            ).FirstOrDefault(Holds)
            ?? throw new SextantException(
                $"libtorch {Version} is neither next to the program nor among NuGet's packages; add the package libtorch-cpu-{platform} "
                    + $"to the project, or name the folder "
                    + $"of its libraries in {Variable}"
            );
    }

    private static bool Holds(string folder) => File.Exists(Path.Combine(folder, LibTorch.FileName("torch_cpu")));
}
