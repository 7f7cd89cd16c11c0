using System.Diagnostics;
using System.Globalization;
using Sextant.Training.Data;
using Sextant.Training.Encoders;
using Sextant.Training.Losses;
using Sextant.Training.Numerics;
using Sextant.Training.Runs;
using Sextant.Training.Torch;
using Sextant.Training.Torch.Encoders;
using Sextant.Training.Torch.Native;
using Sextant.Training.Transformers;

namespace Sextant.Benchmarks.Training;

/// <summary>
/// <c>train [--pairs N] [--batch 32] [--threads 2] [--rounds 3] [--no-static] [--columns 128 --layers 2 --heads 2 --tokens 40]
/// [--no-peers]</c>:
/// pairs per second while training a static model (30,000 tokens of 256 dimensions) and a small encoder (30,522 tokens) with the
/// multiple-negatives ranking loss in both directions, compared with the same models and loss in PyTorch, on the same token ids. Ours and
/// the peer take turns; the best round counts. Pairs per second of processor time are also valid on a busy machine.
/// </summary>
internal static class TrainBenchmark
{
    private const int Warm = 10;

    public static int Run(string[] args)
    {
        var arguments = new Arguments(args);
        int batch = arguments.Number("--batch", 32),
            threads = arguments.Number("--threads", Environment.ProcessorCount);
        int staticPairs = arguments.Number("--pairs", 19_200),
            encoderPairs = Math.Max((Warm + 20) * batch, staticPairs / 12);
        int rounds = arguments.Number("--rounds", 3),
            tokens = arguments.Number("--tokens", 40);
        int columns = arguments.Number("--columns", 128),
            layers = arguments.Number("--layers", 2),
            heads = arguments.Number("--heads", 2);
        bool peers = !arguments.Flag("--no-peers"),
            noStatic = arguments.Flag("--no-static");
        arguments.RefuseOthers();
        if (!noStatic)
        {
            Compare("static", new TrainJob("static", 30_000, 256, batch, threads, Warm, staticPairs), RunStatic, rounds, peers);
        }

        if (LibTorch.Problem is { } problem)
        {
            Console.WriteLine($"no encoder: {problem}");
            return 0;
        }

        TorchSharp.torch.set_num_threads(threads);
        Compare(
            "encoder",
            new TrainJob("encoder", 30_522, columns, batch, threads, Warm, encoderPairs, layers, heads, tokens),
            RunEncoder,
            rounds,
            peers
        );
        return 0;
    }

    private static void Compare(string kind, TrainJob job, Func<TrainJob, TrainSpeed> own, int rounds, bool peers)
    {
        var best = new Dictionary<string, TrainSpeed>();
        for (int round = 0; round < rounds; round++)
        {
            Keep(best, "Sextant", own(job));
            foreach ((string system, TrainSpeed speed) in peers ? job.RunPeers() : [])
            {
                Keep(best, system, speed);
            }
        }

        TrainSpeed ours = best["Sextant"];
        foreach ((string system, TrainSpeed speed) in best)
        {
            string ratio =
                system == "Sextant"
                    ? ""
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"   Sextant is {ours.Pairs / speed.Pairs:F2} times as fast, {ours.PairsByProcessor / speed.PairsByProcessor:F2} "
                            + $"by processor time"
                    );
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kind, -8} batch {job.Batch, 4}  {system, -42} {speed.Pairs, 9:N1} pairs/s {speed.PairsByProcessor, 9:N1} "
                        + $"pairs/processor s{ratio}"
                )
            );
        }

        static void Keep(Dictionary<string, TrainSpeed> best, string system, TrainSpeed speed)
        {
            TrainSpeed before = best.GetValueOrDefault(system);
            best[system] = new TrainSpeed(Math.Max(speed.Pairs, before.Pairs), Math.Max(speed.PairsByProcessor, before.PairsByProcessor));
        }
    }

    private static TrainSpeed RunStatic(TrainJob job)
    {
        int[][] tokens = [.. job.Anchors, .. job.Positives];
        var encoder = new StaticEncoder(TokenComposition.Identity(job.Rows), job.Columns, seed: 1);
        return Measure(job, new StaticTextEncoder(encoder, tokens));
    }

    private static TrainSpeed RunEncoder(TrainJob job)
    {
        int[][] tokens = [.. job.Anchors, .. job.Positives];
        var config = new TransformerConfig
        {
            Family = TransformerFamily.Bert,
            Width = job.Columns,
            Layers = job.Layers,
            Heads = job.Heads,
            Inner = 4 * job.Columns,
            Vocabulary = job.Rows,
            Positions = 512,
            Segments = 2,
            Epsilon = 1e-12f,
            PadId = 0,
            Activation = TransformerActivation.Gelu,
            Dropout = 0.1f,
        };
        var random = new SeededRandom(1);
        Dictionary<string, float[]> weights = TransformerParameter
            .List(config)
            .ToDictionary(
                static p => p.Name,
                p =>
                {
                    float[] values = new float[p.Shape.Aggregate(1L, static (a, b) => a * b)];
                    bool norm = p.Name.EndsWith("norm.weight", StringComparison.Ordinal);
                    for (int i = 0; i < values.Length; i++)
                    {
                        values[i] =
                            norm ? 1
                            : p.Shape.Length > 1 ? random.NextGaussian() * 0.02f
                            : 0;
                    }

                    return values;
                }
            );
        var options = new TransformerOptions { MaxGradientNorm = 1 };
        using var encoder = new TorchEncoder(
            new TransformerStart
            {
                Config = config,
                PoolsFirst = false,
                Weights = weights,
                Tokens = (text, _) => tokens[text],
                Options = options,
            },
            options
        );
        return Measure(job, encoder);
    }

    /// <summary>Steps as a run takes them: batch, embeddings, loss, gradient, update.</summary>
    private static TrainSpeed Measure(TrainJob job, ITrainedEncoder encoder)
    {
        var loss = new MultipleNegativesSymmetricRankingLoss();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = job.Threads };
        long started = 0;
        TimeSpan used = default;
        int batches = job.Pairs / job.Batch;
        for (int step = 0; step < batches; step++)
        {
            if (step == Warm)
            {
                started = Stopwatch.GetTimestamp();
                used = Environment.CpuUsage.TotalTime;
            }

            TrainingPair[] pairs = [.. Enumerable.Range(step * job.Batch, job.Batch).Select(i => new TrainingPair(i, job.Pairs + i))];
            var batch = new StepBatch([pairs], MinedNegatives.None);
            EmbeddingMatrix embeddings = encoder.Forward(batch.Texts, batch.Anchors, new SeededRandom((ulong)step), parallel);
            var gradients = new EmbeddingMatrix(embeddings.Rows, embeddings.Columns);
            batch.Loss(loss, embeddings, gradients, parallel);
            encoder.Backward(gradients, 0.01f, parallel);
        }

        double timed = (batches - Warm) * job.Batch;
        return new TrainSpeed(
            timed / Stopwatch.GetElapsedTime(started).TotalSeconds,
            timed / (Environment.CpuUsage.TotalTime - used).TotalSeconds
        );
    }
}
