using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sextant.Benchmarks.Ann;

/// <summary>Who takes part: ours in each storage, and the peers that this machine has.</summary>
internal static class Contenders
{
    private static readonly string[] Usearch = ["f32", "bf16", "i8"];

    /// <summary>The codes that Glass's graphs are walked by; the best candidates are compared in 16 bits.</summary>
    private static readonly string[] Glass = ["SQ8U", "SQ4U"];

    /// <summary>The names of all peers.</summary>
    public static string[] Peers { get; } =
    [
        "hnswlib",
        "faiss",
        "hnswlib-python",
        .. Usearch.Select(static kind => $"usearch-{kind}"),
        "symphonyqg",
        .. Glass.Select(static codes => $"glass-{codes}"),
    ];

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
        {
            ProcessStartInfo ours = Command(Environment.ProcessPath!, [.. Own(), SextantContender.Verb, storage, .. common]);
            if (options.Avx2)
                ours.Environment["DOTNET_EnableAVX512"] = "0";
            all.Add(Contender.Start(storage, ours, isOurs: true));
        }

        string peers = PeersFolder(),
            cpu = options.Avx2 ? "x86-64-v3" : "native";
        if (options.Takes("hnswlib") && Compile(peers, cpu, "hnswlib_peer", folder, "-ffast-math", "-DNDEBUG") is { } hnswlib)
            all.Add(Contender.Start("hnswlib C++", Command(hnswlib, common), isOurs: false));
        if (options.Takes("faiss"))
            all.Add(Faiss());
        if (options.Takes("hnswlib-python"))
            all.Add(FromPython("hnswlib"));
        foreach (string kind in Usearch)
        {
            if (options.Takes($"usearch-{kind}"))
            {
                all.Add(
                    Contender.Start(
                        $"usearch {kind}",
                        Command("node", [Path.Combine(peers, "usearch_peer.mjs"), kind, .. common]),
                        isOurs: false
                    )
                );
            }
        }

        if (options.Takes("symphonyqg") && Environment.GetEnvironmentVariable("SYMPHONYQG_SOURCE") is { Length: > 0 } symphony)
        {
            all.Add(
                Compile(peers, cpu, "symphonyqg_peer", folder, "-Ofast", "-fopenmp", "-DEIGEN_DONT_PARALLELIZE", $"-I{symphony}/symqglib")
                    is { } program
                    ? Contender.Start("SymphonyQG", Command(program, common), isOurs: false)
                    : null
            );
        }

        if (Environment.GetEnvironmentVariable("GLASS_SOURCE") is { Length: > 0 } glass)
        {
            foreach (string codes in Glass.Where(codes => options.Takes($"glass-{codes}")))
            {
                string[] flags = ["-fopenmp", $"-I{glass}", $"-I{glass}/third_party/helpa", $"-DCODES=\"{codes}\""];
                if (Compile(peers, cpu, "glass_peer", folder, flags) is { } program)
                    all.Add(Contender.Start($"Glass {codes}", Command(program, common), isOurs: false));
            }
        }

        foreach (string program in options.Programs)
            all.Add(Contender.Start(program, Command(program, common), isOurs: false));
        return [.. all.OfType<Contender>()];

        // One's own build for this CPU where there is one, since the package has no AVX.
        Contender? Faiss() =>
            Environment.GetEnvironmentVariable("FAISS_PREFIX") is { Length: > 0 } prefix
            && Compile(peers, cpu, "faiss_peer", folder, $"-I{prefix}/include", $"-L{prefix}/lib", "-fopenmp", "-lfaiss", "-lopenblas")
                is { } faiss
                ? Contender.Start("FAISS C++", Command(faiss, common), isOurs: false)
                : FromPython("faiss");

        Contender? FromPython(string library) =>
            Contender.Start(
                $"{library} (Python)",
                Command(Python, [Path.Combine(peers, "python_peer.py"), library, .. common]),
                isOurs: false
            );
    }

    /// <summary>This program again, with another verb.</summary>
    public static ProcessStartInfo OwnCommand(string verb, params string[] arguments) =>
        Command(Environment.ProcessPath!, [.. Own(), verb, .. arguments]);

    private static ProcessStartInfo Command(string file, IEnumerable<string> arguments) => new(file, arguments);

    // Under "dotnet run" the process is the program itself; under "dotnet Sextant.Benchmarks.dll" it is dotnet, which needs to know of
    // what.
    private static string[] Own() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Contenders).Assembly.Location] : [];

    private static string? Compile(string peers, string cpu, string name, string folder, params string[] options)
    {
        string source = Path.Combine(peers, name + ".cpp"),
            program = Path.Combine(folder, name);
        try
        {
            using Process compiler = Process.Start(
                Command("g++", ["-O3", $"-march={cpu}", "-std=c++20", "-pthread", source, "-o", program, .. options])
            )!;
            compiler.WaitForExit();
            if (compiler.ExitCode == 0)
                return program;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Console.Error.WriteLine($"g++: {e.Message}");
        }

        Console.Error.WriteLine($"{name}: takes no part (benchmarks/peers/README.md says what it needs)");
        return null;
    }

    internal static string PeersFolder([CallerFilePath] string here = "")
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (Directory.Exists(Path.Combine(at.FullName, "benchmarks", "peers")))
                return Path.Combine(at.FullName, "benchmarks", "peers");
        }

        return Path.GetFullPath(Path.Combine(here, "../../../peers"));
    }
}
