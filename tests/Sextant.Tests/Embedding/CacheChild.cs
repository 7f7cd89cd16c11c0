using System.Globalization;
using System.Runtime.CompilerServices;
using Sextant.Embedding;

namespace Sextant.Tests.Embedding;

/// <summary>
/// The test program run again as another process that writes to a cache. It takes the place of the tests before they begin
/// when the environment says so.
/// </summary>
internal static class CacheChild
{
    public const string DirectoryVariable = "SEXTANT_TEST_CACHE_CHILD", FirstVariable = "SEXTANT_TEST_CACHE_FIRST", BatchesVariable = "SEXTANT_TEST_CACHE_BATCHES";

    public const int BatchLength = 50;

    public static System.Diagnostics.Process Start(string directory, int first, int batches)
    {
        var start = new System.Diagnostics.ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CacheChild).Assembly.Location);
        }

        start.Environment[DirectoryVariable] = directory;
        start.Environment[FirstVariable] = first.ToString(CultureInfo.InvariantCulture);
        start.Environment[BatchesVariable] = batches.ToString(CultureInfo.InvariantCulture);
        return System.Diagnostics.Process.Start(start)!;
    }

    public static CacheKey Key(int number) => CacheKey.Of(CacheKey.Prefix("m", EmbeddingRole.Document), number.ToString(CultureInfo.InvariantCulture));

    public static float[] Vector(int number) => [number, -number, 1, 0.5f * number];

#pragma warning disable CA2255 // This is a program, and its first line is what must be replaced.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void RunInstead()
    {
        if (Environment.GetEnvironmentVariable(DirectoryVariable) is not { Length: > 0 } directory)
        {
            return;
        }

        int first = int.Parse(Environment.GetEnvironmentVariable(FirstVariable)!, CultureInfo.InvariantCulture);
        int batches = int.Parse(Environment.GetEnvironmentVariable(BatchesVariable)!, CultureInfo.InvariantCulture);
        using (var cache = new EmbeddingCache(directory))
        {
            for (int batch = 0; batch < batches; batch++)
            {
                int start = first + (batch * BatchLength);
                cache.Write("m", [.. Enumerable.Range(start, BatchLength).Select(n => KeyValuePair.Create(Key(n), (ReadOnlyMemory<float>)Vector(n)))]);
                // A line says that everything before it is in the cache.
                Console.WriteLine(start + BatchLength);
                Console.Out.Flush();
            }
        }

        Environment.Exit(0);
    }
}
