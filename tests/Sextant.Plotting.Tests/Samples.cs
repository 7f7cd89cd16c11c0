namespace Sextant.Plotting.Tests;

/// <summary>Points in round clusters, a cluster for each kind.</summary>
internal static class Samples
{
    public static MapData Clusters(int count, int kinds, Func<int, string>? text = null)
    {
        Random random = new(7);
        float[] positions = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            double angle = 2 * Math.PI * (i % kinds) / kinds;
            positions[2 * i] = (float)((10 * Math.Cos(angle)) + random.NextDouble());
            positions[(2 * i) + 1] = (float)((10 * Math.Sin(angle)) + random.NextDouble());
        }

        text ??= i => $"text number {i}";
        return new(
            positions,
            [.. Enumerable.Range(0, count).Select(text)],
            [
                new("kind", [.. Enumerable.Range(0, count).Select(i => $"kind {i % kinds}")]),
                new("size", [.. Enumerable.Range(0, count).Select(i => $"{i}.5")]),
            ]
        );
    }
}
