using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Sextant.Tests.Shared;

/// <summary>The test program run again as another process: it does one job, named in its environment, in place of the tests.</summary>
internal static class ChildProgram
{
    private const string TypeVariable = "SEXTANT_TEST_JOB_TYPE",
        MethodVariable = "SEXTANT_TEST_JOB",
        ArgumentVariable = "SEXTANT_TEST_ARGUMENT";

    /// <summary>Starts a process that runs <paramref name="job"/>, a static method; its standard output can be read.</summary>
    public static Process Start(Action<string> job, string argument, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProgram).Assembly.Location);
        }

        start.Environment[TypeVariable] = job.Method.DeclaringType!.FullName;
        start.Environment[MethodVariable] = job.Method.Name;
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
        if (Environment.GetEnvironmentVariable(TypeVariable) is not { Length: > 0 } type)
            return;
        MethodInfo job = typeof(ChildProgram)
            .Assembly.GetType(type, throwOnError: true)!
            .GetMethod(
                Environment.GetEnvironmentVariable(MethodVariable)!,
                BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic
            )!;
        job.CreateDelegate<Action<string>>()(Environment.GetEnvironmentVariable(ArgumentVariable) ?? "");
        Environment.Exit(0);
    }
}
