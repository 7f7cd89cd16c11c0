using System.Numerics.Tensors;

namespace Sextant.Umap.Layout;

/// <summary>The eigenvectors of the largest eigenvalues of a symmetric operator, by Lanczos with full reorthogonalization.</summary>
/// <remarks>
/// The operator is only applied, never written out. Directions already known are left out by starting orthogonal to them.
/// </remarks>
internal static class LeadingEigenvectors
{
    private const int CheckEvery = 16;

    /// <param name="size">The size of the operator.</param>
    /// <param name="count">The number of eigenvectors to find; fewer are returned if the operator has no more.</param>
    /// <param name="apply">Writes the operator's product with its first argument into the second.</param>
    /// <param name="known">Unit vectors to exclude.</param>
    /// <param name="leastSteps">
    /// The minimum number of steps before the convergence test; <paramref name="size"/> steps make the result exact.
    /// </param>
    /// <param name="mostSteps">The maximum number of steps.</param>
    /// <param name="tolerance">The tolerance of the residual, relative to the largest eigenvalue.</param>
    /// <param name="seed">The seed of the start vector.</param>
    public static (double[] Values, float[][] Vectors) Find(
        int size,
        int count,
        Action<float[], float[]> apply,
        IReadOnlyList<float[]> known,
        int leastSteps,
        int mostSteps,
        double tolerance,
        ulong seed
    )
    {
        mostSteps = Math.Min(mostSteps, size - known.Count);
        count = Math.Min(count, mostSteps);
        if (count <= 0)
            return ([], []);
        var random = new UmapRandom(seed);
        List<float[]> basis = [.. known];
        List<double> diagonal = [],
            below = [];
        float[]? next = Fresh(size, basis, ref random);
        while (next is not null)
        {
            basis.Add(next);
            float[] product = new float[size];
            apply(next, product);
            diagonal.Add(TensorPrimitives.Dot<float>(next, product));
            Orthogonalize(product, basis);
            double norm = TensorPrimitives.Norm<float>(product);
            int steps = diagonal.Count;
            if (steps >= mostSteps)
                break;
            double scale = diagonal.Max(Math.Abs) + below.Select(Math.Abs).DefaultIfEmpty().Max();
            if (norm > 1e-6 * scale)
            {
                TensorPrimitives.Divide(product, (float)norm, product);
                Orthogonalize(product, basis);
                TensorPrimitives.Divide(product, TensorPrimitives.Norm<float>(product), product);
                next = product;
            }
            else
            {
                // An invariant subspace is exhausted; the search continues from a new direction.
                norm = 0;
                next = Fresh(size, basis, ref random);
            }

            below.Add(norm);
            if (steps >= leastSteps && steps % CheckEvery == 0 && Converged(diagonal, below, count, tolerance))
                break;
        }

        return Ritz(diagonal, below, basis, known.Count, count, size);
    }

    private static (double[] Values, float[][] Vectors) Ritz(
        List<double> diagonal,
        List<double> below,
        List<float[]> basis,
        int offset,
        int count,
        int size
    )
    {
        (double[] values, double[][] vectors, int[] order) = Solve(diagonal, below);
        count = Math.Min(count, values.Length);
        double[] found = new double[count];
        float[][] results = new float[count][];
        for (int c = 0; c < count; c++)
        {
            found[c] = values[order[c]];
            float[] sum = results[c] = new float[size];
            for (int k = 0; k < values.Length; k++)
                TensorPrimitives.MultiplyAdd(basis[offset + k], (float)vectors[k][order[c]], sum, sum);
            TensorPrimitives.Divide(sum, TensorPrimitives.Norm<float>(sum), sum);
        }

        return (found, results);
    }

    private static bool Converged(List<double> diagonal, List<double> below, int count, double tolerance)
    {
        (double[] values, double[][] vectors, int[] order) = Solve(diagonal, below);
        int last = values.Length - 1;
        double scale = values.Max(Math.Abs);
        for (int c = 0; c < count; c++)
        {
            if (Math.Abs(below[last] * vectors[last][order[c]]) > tolerance * scale)
                return false;
        }

        return true;
    }

    private static (double[] Values, double[][] Vectors, int[] Order) Solve(List<double> diagonal, List<double> below)
    {
        double[] values = [.. diagonal],
            coupling = new double[values.Length];
        below.CopyTo(0, coupling, 0, Math.Min(below.Count, values.Length));
        double[][] vectors = TridiagonalEigen.Solve(values, coupling);
        int[] order = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i])];
        return (values, vectors, order);
    }

    private static float[]? Fresh(int size, List<float[]> basis, ref UmapRandom random)
    {
        for (int attempt = 0; attempt < 4; attempt++)
        {
            float[] vector = new float[size];
            for (int i = 0; i < size; i++)
                vector[i] = (float)random.Normal();
            float before = TensorPrimitives.Norm<float>(vector);
            Orthogonalize(vector, basis);
            Orthogonalize(vector, basis);
            float norm = TensorPrimitives.Norm<float>(vector);
            if (norm < 1e-4f * before)
                continue;
            TensorPrimitives.Divide(vector, norm, vector);
            return vector;
        }

        return null;
    }

    private static void Orthogonalize(float[] vector, List<float[]> basis)
    {
        foreach (float[] direction in basis)
            TensorPrimitives.MultiplyAdd(direction, -TensorPrimitives.Dot<float>(direction, vector), vector, vector);
    }
}
