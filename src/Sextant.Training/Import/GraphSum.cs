namespace Sextant.Training.Import;

/// <summary>Splits a sum in a graph into its addends, for any order of addition.</summary>
internal static class GraphSum
{
    /// <summary>The terms of a sum. A normalization, whose last part is a sum too, is one term.</summary>
    /// <returns><see langword="null"/> when there are more than <paramref name="most"/>.</returns>
    public static string[]? Terms(OnnxGraphIndex graph, GraphConstants constants, IEnumerable<string> addends, int most)
    {
        var terms = new List<string>();
        var waiting = new Stack<string>(addends.Reverse());
        while (waiting.TryPop(out string? value))
        {
            if (graph.Producer(value) is { } node && node.Is("Add") && GraphNormalization.TryRead(graph, constants, value) is null)
            {
                waiting.Push(node.Input(1));
                waiting.Push(node.Input(0));
            }
            else
            {
                terms.Add(value);
            }

            if (terms.Count + waiting.Count > most)
            {
                return null;
            }
        }

        return [.. terms];
    }
}
