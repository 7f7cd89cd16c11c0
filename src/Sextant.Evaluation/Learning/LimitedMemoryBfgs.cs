using System.Numerics.Tensors;

namespace Sextant.Evaluation.Learning;

/// <summary>Minimizes a smooth convex function by L-BFGS (Liu and Nocedal 1989) with a backtracking line search.</summary>
internal static class LimitedMemoryBfgs
{
    private const int History = 10;
    private const double Decrease = 1e-4;

    /// <summary>Returns the value at a point and writes the gradient.</summary>
    public delegate double Objective(ReadOnlySpan<float> point, Span<float> gradient);

    /// <summary>Moves <paramref name="point"/> to the minimum: until no part of the gradient is over the tolerance.</summary>
    public static void Minimize(Objective objective, float[] point, float tolerance, int maxIterations)
    {
        int n = point.Length;
        float[] gradient = new float[n],
            direction = new float[n],
            next = new float[n],
            nextGradient = new float[n];
        var steps = new Queue<(float[] S, float[] Y, double Rho)>();
        double value = objective(point, gradient);
        for (int iteration = 0; iteration < maxIterations; iteration++)
        {
            if (MathF.Abs(TensorPrimitives.MaxMagnitude<float>(gradient)) <= tolerance)
                return;
            Direct(gradient, steps, direction);
            double slope = TensorPrimitives.Dot<float>(gradient, direction);
            if (slope >= 0)
                return;
            double step = steps.Count == 0 ? Math.Min(1, 1 / TensorPrimitives.Norm<float>(gradient)) : 1,
                nextValue;
            while (true)
            {
                TensorPrimitives.MultiplyAdd(direction, (float)step, point, next);
                nextValue = objective(next, nextGradient);
                if (nextValue <= value + (Decrease * step * slope))
                    break;
                step /= 2;
                // The remaining change is rounding, not a descent.
                if (step < 1e-6)
                    return;
            }

            Remember(steps, point, next, gradient, nextGradient);
            next.CopyTo(point, 0);
            (gradient, nextGradient) = (nextGradient, gradient);
            value = nextValue;
        }
    }

    /// <summary>The two-loop recursion: the gradient against the curvature seen so far.</summary>
    private static void Direct(float[] gradient, Queue<(float[] S, float[] Y, double Rho)> steps, float[] direction)
    {
        TensorPrimitives.Negate(gradient, direction);
        if (steps.Count == 0)
            return;
        (float[] S, float[] Y, double Rho)[] list = steps.ToArray();
        double[] alphas = new double[list.Length];
        for (int i = list.Length - 1; i >= 0; i--)
        {
            alphas[i] = list[i].Rho * TensorPrimitives.Dot<float>(list[i].S, direction);
            TensorPrimitives.MultiplyAdd(list[i].Y, (float)-alphas[i], direction, direction);
        }

        (_, float[] y, double rho) = list[^1];
        TensorPrimitives.Multiply(direction, (float)(1 / (rho * TensorPrimitives.SumOfSquares<float>(y))), direction);
        for (int i = 0; i < list.Length; i++)
        {
            double beta = list[i].Rho * TensorPrimitives.Dot<float>(list[i].Y, direction);
            TensorPrimitives.MultiplyAdd(list[i].S, (float)(alphas[i] - beta), direction, direction);
        }
    }

    private static void Remember(
        Queue<(float[] S, float[] Y, double Rho)> steps,
        float[] point,
        float[] next,
        float[] gradient,
        float[] nextGradient
    )
    {
        (float[] s, float[] y) = steps.Count == History ? Oldest(steps) : (new float[point.Length], new float[point.Length]);
        TensorPrimitives.Subtract(next, point, s);
        TensorPrimitives.Subtract(nextGradient, gradient, y);
        double curvature = TensorPrimitives.Dot<float>(s, y);
        if (curvature > 0)
            steps.Enqueue((s, y, 1 / curvature));
    }

    private static (float[] S, float[] Y) Oldest(Queue<(float[] S, float[] Y, double Rho)> steps)
    {
        (float[] s, float[] y, _) = steps.Dequeue();
        return (s, y);
    }
}
