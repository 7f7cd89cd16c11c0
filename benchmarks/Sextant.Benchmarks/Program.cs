using BenchmarkDotNet.Running;
using Sextant.Benchmarks.Collections;
using Sextant.Benchmarks.Static;

switch (args)
{
    case ["static", .. string[] rest]:
        return await StaticBenchmark.RunAsync(rest);
    case ["collections", .. string[] rest]:
        return await CollectionBenchmark.RunAsync(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
