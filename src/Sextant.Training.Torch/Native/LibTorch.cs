using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sextant.Training.Torch.Native;

/// <summary>
/// Finds libtorch and loads it before TorchSharp searches for it; a library already loaded in the process is found by name.
/// </summary>
internal static class LibTorch
{
    private static readonly Lazy<string?> Loading = new(Load);

    /// <summary>Why libtorch cannot be loaded, or <see langword="null"/> when it is.</summary>
    public static string? Problem => Loading.Value;

    /// <exception cref="SextantException">It cannot be loaded.</exception>
    public static void Require()
    {
        if (Problem is { } problem)
        {
            throw new SextantException(problem);
        }
    }

    private static string? Load()
    {
        try
        {
            string folder = LibTorchFolder.Find();
            foreach (string library in (string[])["c10", "torch_cpu", "torch"])
            {
                NativeLibrary.Load(Path.Combine(folder, FileName(library)));
            }

            if (File.Exists(Path.Combine(folder, FileName("torch_cuda"))))
            {
                NativeLibrary.Load(Path.Combine(folder, FileName("torch_cuda")));
            }

            LoadBindings();
            TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
            return null;
        }
        catch (SextantException e)
        {
            return e.Message;
        }
        catch (Exception e)
            when (e
                    is DllNotFoundException
                        or BadImageFormatException
                        or IOException
                        or NotSupportedException
                        or TypeInitializationException
            )
        {
            return $"libtorch cannot be loaded on this machine ({e.Message.ReplaceLineEndings(" ")}); it needs a 64-bit Linux, Windows "
                + "or macOS";
        }
    }

    private static void LoadBindings()
    {
        string library = Path.Combine(AppContext.BaseDirectory, FileName("LibTorchSharp"));
        if (!File.Exists(library))
        {
            library = Path.Combine(
                AppContext.BaseDirectory,
                "runtimes",
                RuntimeInformation.RuntimeIdentifier,
                "native",
                FileName("LibTorchSharp")
            );
        }

        if (NativeLibrary.TryLoad(library, out _))
        {
            return;
        }

        if (!OperatingSystem.IsLinux() || OldLibraryCopy.Create(File.ReadAllBytes(library)) is not { } copy)
        {
            NativeLibrary.Load(library);
            return;
        }

        string name = Convert.ToHexStringLower(SHA256.HashData(copy).AsSpan(0, 8));
        string path = Path.Combine(SextantPaths.CacheDirectory, "native", $"libLibTorchSharp-{name}.so");
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(copy))
        {
            AtomicFile.Write(path, stream => stream.Write(copy));
        }

        NativeLibrary.Load(path);
    }

    internal static string FileName(string library) =>
        OperatingSystem.IsWindows() ? library + ".dll"
        : OperatingSystem.IsMacOS() ? $"lib{library}.dylib"
        : $"lib{library}.so";
}
