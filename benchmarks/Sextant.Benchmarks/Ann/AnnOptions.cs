namespace Sextant.Benchmarks.Ann;

/// <summary>What <c>ann</c> is asked to measure.</summary>
internal sealed record AnnOptions
{
    public const string Usage = """
        ann [--base FILE.fvecs --query FILE.fvecs [--gt FILE.ivecs]] [--n 100000 --d 384 --queries 1000] [--M 32 --efc 200]
            [--texts FILE --model MODEL] [--efs 16,32,64,128,256] [--storage float32,int4] [--rounds 3] [--no-peers]
            [--peers hnswlib,faiss,hnswlib-python,usearch-f32,usearch-bf16,usearch-i8,symphonyqg,glass-SQ8U,glass-SQ4U]
            [--programs PROGRAM,...] [--avx2] [--json FILE] [--plot FILE.svg]
        --texts embeds the lines of a file, the last of them as queries; without files, vectors are generated. Peers are those that
        this machine has; --programs adds programs that use the protocol in benchmarks/peers/README.md. With --avx2, Sextant and the C++
        peers do without AVX-512.
        """;

    public string? Base { get; init; }

    public string? Query { get; init; }

    public string? Truth { get; init; }

    /// <summary>A file with a text on each line, embedded with <see cref="Model"/>.</summary>
    public string? Texts { get; init; }

    public string? Model { get; init; }

    public int Count { get; init; }

    public int Dimensions { get; init; }

    public int Queries { get; init; }

    public int M { get; init; }

    public int EfConstruction { get; init; }

    public required int[] EfSearch { get; init; }

    public required string[] Storages { get; init; }

    public int Rounds { get; init; }

    /// <summary>The peers that take part, if this machine has them.</summary>
    public required string[] Peers { get; init; }

    /// <summary>Further peers: programs that speak the protocol.</summary>
    public required string[] Programs { get; init; }

    /// <summary>Whether Sextant and the peers that are compiled here do without AVX-512.</summary>
    public bool Avx2 { get; init; }

    public string? Json { get; init; }

    public string? Plot { get; init; }

    public static AnnOptions Parse(Arguments args) =>
        new()
        {
            Base = args.Text("--base"),
            Query = args.Text("--query"),
            Truth = args.Text("--gt"),
            Count = args.Number("--n", 100_000),
            Dimensions = args.Number("--d", 384),
            Queries = args.Number("--queries", 1000),
            M = args.Number("--M", 32),
            EfConstruction = args.Number("--efc", 200),
            EfSearch = args.Numbers("--efs", "16,32,64,128,256"),
            Storages = (args.Text("--storage") ?? "float32,int4").Split(','),
            Rounds = Math.Max(1, args.Number("--rounds", 3)),
            Peers = PeersOf(args),
            Texts = args.Text("--texts"),
            Model = args.Text("--model"),
            Programs = args.Text("--programs")?.Split(',') ?? [],
            Avx2 = args.Flag("--avx2"),
            Json = args.Text("--json"),
            Plot = args.Text("--plot"),
        };

    public bool Takes(string peer) => Peers.Contains(peer);

    private static string[] PeersOf(Arguments args)
    {
        string[] asked = args.Text("--peers")?.Split(',') ?? Contenders.Peers;
        if (asked.Except(Contenders.Peers).FirstOrDefault() is { } unknown)
            throw new InputException($"--peers: there is no {unknown}; there are {string.Join(", ", Contenders.Peers)}");
        return args.Flag("--no-peers") ? [] : asked;
    }
}
