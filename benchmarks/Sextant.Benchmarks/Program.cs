using BenchmarkDotNet.Running;
using Sextant.Benchmarks.Ann;
using Sextant.Benchmarks.Big;
using Sextant.Benchmarks.Churn;
using Sextant.Benchmarks.Collections;
using Sextant.Benchmarks.Copies;
using Sextant.Benchmarks.Faults;
using Sextant.Benchmarks.Faults.Kills;
using Sextant.Benchmarks.Faults.Torn;
using Sextant.Benchmarks.Filters;
using Sextant.Benchmarks.Onnx;
using Sextant.Benchmarks.Serve;
using Sextant.Benchmarks.Shards;
using Sextant.Benchmarks.Static;
using Sextant.Benchmarks.Training;
using Sextant.Benchmarks.Umap;

switch (args)
{
    case ["static", .. string[] rest]:
        return await StaticBenchmark.RunAsync(rest);
    case ["train", .. string[] rest]:
        return TrainBenchmark.Run(rest);
    case ["collections", .. string[] rest]:
        return await CollectionBenchmark.RunAsync(rest);
    case ["copy", .. string[] rest]:
        return await CopyBenchmark.RunAsync(rest);
    case ["ann", .. string[] rest]:
        return AnnBenchmark.Run(rest);
    case ["ann-big", .. string[] rest]:
        return BigBenchmark.Run(rest);
    case [BigOpened.Verb, .. string[] rest]:
        return BigOpened.Run(rest);
    case ["ann-churn", .. string[] rest]:
        return ChurnBenchmark.Run(rest);
    case ["ann-filters", .. string[] rest]:
        return FilterBenchmark.Run(rest);
    case [SextantContender.Verb, .. string[] rest]:
        return SextantContender.Run(rest);
    case ["onnx", .. string[] rest]:
        return await OnnxBenchmark.RunAsync(rest);
    case ["shards", .. string[] rest]:
        return ShardBenchmark.Run(rest);
    case ["serve", .. string[] rest]:
        return await ServeBenchmark.RunAsync(rest);
    case [ServedProcess.Verb, .. string[] rest]:
        return await ServedProcess.RunAsync(rest);
    case [EngineProcess.Verb, .. string[] rest]:
        return await EngineProcess.RunAsync(rest);
    case ["umap", .. string[] rest]:
        return UmapBenchmark.Run(rest);
    case [UmapOwn.Verb, .. string[] rest]:
        return UmapOwn.Run(rest);
    case ["damages", .. string[] rest]:
        return await FaultRun.DamagesAsync(rest);
    case ["fuzz", .. string[] rest]:
        return await FaultRun.FuzzAsync(rest);
    case ["kills", .. string[] rest]:
        return await KillRun.RunAsync(rest);
    case ["torn", .. string[] rest]:
        return await TornRun.RunAsync(rest);
    case [WriterProcess.Verb, .. string[] rest]:
        return await WriterProcess.RunAsync(rest);
    case [FaultProcess.Verb, .. string[] rest]:
        return await FaultProcess.RunAsync(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(AnnBenchmark).Assembly).Run(args);
        return 0;
}
