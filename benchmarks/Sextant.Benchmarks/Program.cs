using BenchmarkDotNet.Running;
using Sextant.Benchmarks.Static;

switch (args)
{
    case ["static", .. string[] rest]:
        return await StaticBenchmark.RunAsync(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
