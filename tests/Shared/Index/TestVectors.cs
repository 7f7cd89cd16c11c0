namespace Sextant.Tests.Shared.Index;

/// <summary>Vectors in clusters of few directions, like embeddings; deterministic for a seed.</summary>
internal static class TestVectors
{
    private const int Latent = 12;

    public static float[] Clustered(int count, int dimensions, int seed, int clusters = 40)
    {
        Random shape = new(99),
            random = new(seed);
        float[][] centers = [.. Enumerable.Range(0, clusters).Select(_ => Row(shape, Latent))];
        float[][] directions = [.. Enumerable.Range(0, Latent).Select(_ => Row(shape, dimensions))];
        float[] rows = new float[count * dimensions];
        for (int i = 0; i < count; i++)
        {
            float[] center = centers[random.Next(clusters)];
            for (int l = 0; l < Latent; l++)
            {
                float weight = center[l] + 0.5f * Normal(random);
                for (int d = 0; d < dimensions; d++)
                    rows[i * dimensions + d] += weight * directions[l][d];
            }

            for (int d = 0; d < dimensions; d++)
                rows[i * dimensions + d] += 0.1f * Normal(random);
        }

        return rows;
    }

    public static long[] Ids(int count, long first = 0) => [.. Enumerable.Range(0, count).Select(i => first + i)];

    private static float[] Row(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => Normal(random))];

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
