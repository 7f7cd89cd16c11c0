using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sextant.Benchmarks.Ann;

/// <summary>QPS on one thread over recall, one line per system, as SVG; QPS on a logarithmic scale, recall as -log(1 - recall).</summary>
internal static class RecallPlot
{
    private const int Width = 900,
        Height = 520,
        Left = 80,
        Right = 260,
        Top = 50,
        Bottom = 60;

    private static readonly double[] Ticks = [0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999];
    private static readonly string[] Colors =
    [
        "#d1495b",
        "#e8871e",
        "#8f2d56",
        "#30638e",
        "#00798c",
        "#56a3a6",
        "#6b705c",
        "#3d405b",
        "#9a8c98",
    ];

    public static void Write(string path, IReadOnlyList<Contender> contenders, AnnData data)
    {
        double[] all = [.. contenders.SelectMany(c => c.Rows.Values).Select(r => (double)r["qps_1t"]!)];
        double low = Math.Log10(all.Min()) - 0.05,
            high = Math.Log10(all.Max()) + 0.05;
        StringBuilder svg = new();
        Add(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"13\">"
        );
        Add($"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        Add(
            $"<text x=\"{Left}\" y=\"28\" font-size=\"16\">{data.Base.Count:N0} vectors of {data.Base.Dimensions}: queries a second on ",
            $"one thread, over recall@10</text>"
        );
        foreach (double tick in Ticks)
        {
            Add($"<path d=\"M{X(tick):F1} {Top}V{Height - Bottom}\" stroke=\"#ddd\"/>");
            Add($"<text x=\"{X(tick):F1}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{tick}</text>");
        }

        foreach (double tick in from power in Enumerable.Range(1, 6) from digit in (int[])[1, 2, 5] select digit * Math.Pow(10, power))
        {
            if (Math.Log10(tick) < low || Math.Log10(tick) > high)
                continue;
            Add($"<path d=\"M{Left} {Y(tick):F1}H{Width - Right}\" stroke=\"#ddd\"/>");
            Add($"<text x=\"{Left - 8}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{tick:N0}</text>");
        }

        for (int i = 0; i < contenders.Count; i++)
        {
            JsonObject[] rows = [.. contenders[i].Rows.Values];
            string color = Colors[i % Colors.Length],
                dash = contenders[i].IsOurs ? "" : " stroke-dasharray=\"5 3\"";
            string points = string.Join(
                ' ',
                rows.Select(r => FormattableString.Invariant($"{X((double)r["recall"]!):F1},{Y((double)r["qps_1t"]!):F1}"))
            );
            Add($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"{dash}/>");
            foreach (JsonObject row in rows)
                Add($"<circle cx=\"{X((double)row["recall"]!):F1}\" cy=\"{Y((double)row["qps_1t"]!):F1}\" r=\"3.5\" fill=\"{color}\"/>");
            Add($"<path d=\"M{Width - Right + 15} {Top + 10 + (22 * i)}h24\" stroke=\"{color}\" stroke-width=\"3\"/>");
            Add($"<text x=\"{Width - Right + 45}\" y=\"{Top + 14 + (22 * i)}\">{WebUtility.HtmlEncode(contenders[i].Name)}</text>");
        }

        Add($"</svg>");
        File.WriteAllText(path, svg.ToString());

        void Add(params FormattableString[] parts) => svg.AppendLine(string.Concat(parts.Select(FormattableString.Invariant)));

        static double X(double recall) =>
            Left + (Math.Clamp((-Math.Log10(1 - Math.Min(recall, 0.9999)) - 0.7) / 3.3, 0, 1) * (Width - Left - Right));

        double Y(double qps) => Height - Bottom - ((Math.Log10(qps) - low) / (high - low) * (Height - Top - Bottom));
    }
}
