namespace Sextant.Umap.Tests;

/// <summary>Rows around a few centers; row i belongs to center i modulo their number.</summary>
internal static class Blobs
{
    public static float[] Rows(int centers, int count, int dimensions, double noise = 0.3, ulong seed = 7)
    {
        var random = new UmapRandom(seed);
        float[] middle = new float[centers * dimensions],
            rows = new float[count * dimensions];
        for (int i = 0; i < middle.Length; i++)
            middle[i] = (float)random.Normal();
        for (int i = 0; i < rows.Length; i++)
            rows[i] = middle[(i / dimensions % centers * dimensions) + (i % dimensions)] + (float)(noise * random.Normal());
        return rows;
    }
}
