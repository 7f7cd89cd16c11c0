using System.Diagnostics;
using System.Globalization;
using Sextant.Embedding;
using Sextant.Tests.Shared;

namespace Sextant.Core.Tests.Embedding;

/// <summary>Another process that writes to a cache.</summary>
internal static class CacheChild
{
    public const int BatchLength = 50;

    public static Process Start(string directory, int first, int batches) =>
        ChildProgram.Start(Run, string.Create(CultureInfo.InvariantCulture, $"{first}|{batches}|{directory}"));

    public static CacheKey Key(int number) =>
        CacheKey.Compute(CacheKey.Prefix("m", EmbeddingRole.Document), number.ToString(CultureInfo.InvariantCulture));

    public static float[] Vector(int number) => [number, -number, 1, 0.5f * number];

    private static void Run(string argument)
    {
        string[] parts = argument.Split('|', 3);
        int first = int.Parse(parts[0], CultureInfo.InvariantCulture),
            batches = int.Parse(parts[1], CultureInfo.InvariantCulture);
        using var cache = new EmbeddingCache(parts[2]);
        for (int batch = 0; batch < batches; batch++)
        {
            int start = first + (batch * BatchLength);
            cache.Write(
                "m",
                [.. Enumerable.Range(start, BatchLength).Select(n => KeyValuePair.Create(Key(n), (ReadOnlyMemory<float>)Vector(n)))]
            );
            // A line says that everything before it is in the cache.
            Console.WriteLine(start + BatchLength);
            Console.Out.Flush();
        }
    }
}
