using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sextant.Tests.Embedding;
using Sextant.Tests.Models.Tokenization;

namespace Sextant.Tests;

/// <summary>The test program run again as another process: it does one job, named in its environment, in place of the tests.</summary>
internal static class ChildProgram
{
    private const string JobVariable = "SEXTANT_TEST_JOB", ArgumentVariable = "SEXTANT_TEST_ARGUMENT";

    /// <summary>Starts <paramref name="job"/> with what it needs to know; its standard output can be read.</summary>
    public static Process Start(string job, string argument, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProgram).Assembly.Location);
        }

        start.Environment[JobVariable] = job;
        start.Environment[ArgumentVariable] = argument;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

#pragma warning disable CA2255 // This is a program, and its first line is what must be replaced.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void RunInstead()
    {
        string argument = Environment.GetEnvironmentVariable(ArgumentVariable) ?? "";
        switch (Environment.GetEnvironmentVariable(JobVariable))
        {
            case CacheChild.Job:
                CacheChild.Run(argument);
                break;
            case InvariantGlobalizationTests.Job:
                InvariantGlobalizationTests.Run(argument);
                break;
            default:
                return;
        }

        Environment.Exit(0);
    }
}
