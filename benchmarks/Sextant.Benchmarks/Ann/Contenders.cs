using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sextant.Benchmarks.Ann;

/// <summary>Who takes part: ours in each storage, and the peers that this machine has.</summary>
internal static class Contenders
{
    private static readonly string[] Usearch = ["f32", "bf16", "i8"];

    /// <summary>The system's Python, which has Debian's packages, where there is one.</summary>
    public static string Python => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    public static List<Contender> Start(AnnOptions options, string folder)
    {
        string[] common =
        [
            Path.Combine(folder, "base.fvecs"),
            Path.Combine(folder, "query.fvecs"),
            options.M.ToString(CultureInfo.InvariantCulture),
            options.EfConstruction.ToString(CultureInfo.InvariantCulture),
            Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            folder,
        ];
        List<Contender?> all = [];
        foreach (string storage in options.Storages)
            all.Add(Contender.Start(storage, Command(Environment.ProcessPath!, [.. Own(), SextantContender.Verb, storage, .. common]), isOurs: true));
        if (!options.Peers) return [.. all.OfType<Contender>()];

        string peers = PeersFolder();
        if (Compile(Path.Combine(peers, "hnswlib_peer.cpp"), Path.Combine(folder, "hnswlib_peer")) is { } program)
            all.Add(Contender.Start("hnswlib C++", Command(program, common), isOurs: false));
        foreach (string library in (string[])["faiss", "hnswlib"])
            all.Add(Contender.Start($"{library} (Python)", Command(Python, [Path.Combine(peers, "python_peer.py"), library, .. common]), isOurs: false));
        foreach (string kind in Usearch)
            all.Add(Contender.Start($"usearch {kind}", Command("node", [Path.Combine(peers, "usearch_peer.mjs"), kind, .. common]), isOurs: false));
        return [.. all.OfType<Contender>()];
    }

    /// <summary>This program again, with another verb.</summary>
    public static ProcessStartInfo OwnCommand(string verb, params string[] arguments) =>
        Command(Environment.ProcessPath!, [.. Own(), verb, .. arguments]);

    private static ProcessStartInfo Command(string file, IEnumerable<string> arguments) => new(file, arguments);

    // Under "dotnet run" the process is the program itself; under "dotnet Sextant.Benchmarks.dll" it is dotnet, which needs to know of what.
    private static string[] Own() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Contenders).Assembly.Location] : [];

    private static string? Compile(string source, string program)
    {
        try
        {
            using Process compiler = Process.Start(Command(
                "g++", ["-O3", "-march=native", "-ffast-math", "-std=c++17", "-pthread", "-DNDEBUG", source, "-o", program]))!;
            compiler.WaitForExit();
            if (compiler.ExitCode == 0) return program;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Console.Error.WriteLine($"g++: {e.Message}");
        }

        Console.Error.WriteLine("hnswlib C++: takes no part (it needs g++ and libhnswlib-dev)");
        return null;
    }

    internal static string PeersFolder([CallerFilePath] string here = "")
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Directory.Exists(Path.Combine(at.FullName, "benchmarks", "peers"))) return Path.Combine(at.FullName, "benchmarks", "peers");
        return Path.GetFullPath(Path.Combine(here, "../../../peers"));
    }
}
