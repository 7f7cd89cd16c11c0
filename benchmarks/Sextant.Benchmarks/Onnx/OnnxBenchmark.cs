using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Sextant.Onnx;

namespace Sextant.Benchmarks.Onnx;

/// <summary>
/// <c>onnx</c>: texts of mixed length a second through a local transformer; through bare ONNX Runtime, which is given the same batches as
/// finished tensors; and through @huggingface/transformers in batches of several sizes. All take turns, and the best round of each counts.
/// </summary>
internal static class OnnxBenchmark
{
    private const string Usage =
        "onnx [--model DIR] [--count 1000] [--rounds 3] [--batches 1,8,32] [--no-peers]: "
        + "without a folder a transformer of MiniLM's shape is made (with PyTorch)";

    public static async Task<int> RunAsync(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using var made = new MadeTransformer();
        try
        {
            var arguments = new Arguments(args);
            string? own = arguments.Text("--model");
            int count = arguments.Number("--count", 1000),
                rounds = arguments.Number("--rounds", 3);
            int[] sizes = arguments.Numbers("--batches", "1,8,32");
            bool peers = !arguments.Flag("--no-peers");
            arguments.RefuseOthers();
            string folder = Path.GetFullPath(own ?? made.Make());
            string[] texts = MixedTexts.Draw(count);

            using IEmbeddingGenerator<string, Embedding<float>> model = await new OnnxModelProvider().OpenAsync(folder);
            using var bare = new BareGraph(folder, texts);
            using TransformersPeer? peer = peers ? TransformersPeer.Start(folder, texts) : null;
            Console.WriteLine(
                $"{count:N0} texts of {bare.Shortest} to {bare.Longest} tokens, {bare.Tokens:N0} together; Sextant cuts them into "
                    + $"{bare.Batches} batches with {bare.Padding:P1} padding"
            );

            var ours = new Best();
            var graph = new Best();
            List<(string Name, int Batch, bool Sorted, Best Best)> others = peer is null
                ? []
                :
                [
                    .. sizes.Select(size => ($"{peer.Name}, batches of {size}", size, false, new Best())),
                    .. sizes.Select(size => ($"{peer.Name}, batches of {size}, sorted beforehand", size, true, new Best())),
                ];
            float[] vector = (await model.GenerateAsync([texts[0]]))[0].Vector.ToArray(),
                theirs = vector;
            for (int round = 0; round < rounds; round++)
            {
                ours.Add(await TimeAsync(() => model.GenerateAsync(texts)));
                graph.Add(await TimeAsync(() => Task.Run(bare.Run)));
                foreach ((_, int batch, bool sorted, Best best) in others)
                {
                    (double seconds, theirs) = peer!.Run(batch, sorted);
                    best.Add(seconds);
                }
            }

            Report("Sextant", count, ours.Seconds, null);
            Report("ONNX Runtime alone, the same batches", count, graph.Seconds, null);
            Console.WriteLine($"around the graph: {(ours.Seconds / graph.Seconds) - 1:P1}");
            foreach ((string name, _, _, Best best) in others)
            {
                Report(name, count, best.Seconds, best.Seconds / ours.Seconds);
            }

            if (peer is not null)
            {
                Console.WriteLine($"cosine of ours and theirs, first text: {TensorPrimitives.CosineSimilarity(vector, theirs):F6}");
            }

            return 0;
        }
        catch (InputException e)
        {
            Console.Error.WriteLine($"{e.Message}\n{Usage}");
            return 2;
        }
    }

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        var clock = Stopwatch.StartNew();
        await run();
        return clock.Elapsed.TotalSeconds;
    }

    private static void Report(string name, int count, double seconds, double? ratio) =>
        Console.WriteLine($"{name, -70}{count / seconds, 8:N1} texts/s{(ratio is { } r ? $"   Sextant is {r:F2} x as fast" : "")}");

    private sealed class Best
    {
        public double Seconds { get; private set; } = double.MaxValue;

        public void Add(double seconds) => Seconds = Math.Min(Seconds, seconds);
    }
}
