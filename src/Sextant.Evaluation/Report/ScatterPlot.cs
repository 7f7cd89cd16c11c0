using System.Globalization;
using System.Net;
using System.Text;

namespace Sextant.Evaluation.Report;

/// <summary>A point of a plot, with the ends of its confidence interval.</summary>
internal readonly record struct PlotPoint(string Series, string Label, double X, double Y, double Low, double High);

/// <summary>Points over two axes as SVG, with a color per series; points of the same series are connected.</summary>
internal static class ScatterPlot
{
    private const int Width = 560,
        Height = 340,
        Left = 56,
        Right = 16,
        Top = 34,
        Bottom = 48,
        NameWidth = 48;

    private static readonly string[] Colors = ["#1f6fb4", "#d1661b", "#2a8f4f", "#a03a9c", "#b3262e", "#5b6770", "#8a6d00", "#0f8f8f"];

    /// <summary>Draws the plot; nothing when there is no point to draw.</summary>
    public static string Draw(string title, string xLabel, bool logarithmic, IReadOnlyList<PlotPoint> points)
    {
        PlotPoint[] drawn = [.. points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y) && (!logarithmic || p.X > 0))];
        if (drawn.Length == 0)
            return "";
        var x = Axis.Create(drawn.Select(static p => p.X), logarithmic, Left, Width - Right);
        var y = Axis.Create(
            drawn.SelectMany(static p => new[] { p.Y, Or(p.Low, p.Y), Or(p.High, p.Y) }),
            logarithmic: false,
            Height - Bottom,
            Top
        );
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Html(title)}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Left}\" y=\"18\">{Html(title)}</text>");
        foreach (double tick in y.Ticks)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y.Position(tick):F1}\" y2=\"{y.Position(tick):F1}\"/>"
            );
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"tick\" text-anchor=\"end\" x=\"{Left - 6}\" y=\"{y.Position(tick) + 4:F1}\">{tick:0.###}</text>"
            );
        }

        foreach (double tick in x.Ticks)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"tick\" text-anchor=\"middle\" x=\"{x.Position(tick):F1}\" "
                    + $"y=\"{Height - Bottom + 18}\">"
                    + $"{tick.ToString(Math.Abs(tick) >= 100 ? "#,0" : "#,0.###", CultureInfo.InvariantCulture)}</text>"
            );
        }

        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"axis\" text-anchor=\"middle\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\">{Html(xLabel)}</text>"
        );
        string[] series = [.. points.Select(static p => p.Series).Distinct()];
        foreach (IGrouping<string, PlotPoint> group in drawn.GroupBy(static p => p.Series))
            DrawSeries(svg, [.. group.OrderBy(static p => p.X)], Colors[Array.IndexOf(series, group.Key) % Colors.Length], x, y);
        return svg.Append("</svg>").ToString();
    }

    /// <summary>The color of a series, for a legend.</summary>
    public static string Color(int series) => Colors[series % Colors.Length];

    private static void DrawSeries(StringBuilder svg, PlotPoint[] points, string color, Axis x, Axis y)
    {
        string path = string.Join(
            ' ',
            points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{x.Position(p.X):F1},{y.Position(p.Y):F1}"))
        );
        if (points.Length > 1)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<polyline fill=\"none\" stroke=\"{color}\" stroke-opacity=\"0.5\" points=\"{path}\"/>"
            );
        }

        foreach (PlotPoint p in points)
        {
            if (double.IsFinite(p.Low))
            {
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<line stroke=\"{color}\" x1=\"{x.Position(p.X):F1}\" x2=\"{x.Position(p.X):F1}\" y1=\"{y.Position(p.Low):F1}\" "
                        + $"y2=\"{y.Position(p.High):F1}\"/>"
                );
            }

            svg.Append(
                CultureInfo.InvariantCulture,
                $"<circle fill=\"{color}\" cx=\"{x.Position(p.X):F1}\" cy=\"{y.Position(p.Y):F1}\" r=\"4\"><title>{Html(p.Label)}: "
                    + $"{p.Y:F2}</title></circle>"
            );
        }
    }

    private static double Or(double value, double otherwise) => double.IsFinite(value) ? value : otherwise;

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Maps values to positions between two ends of the picture, and selects the labeled ones.</summary>
    private sealed record Axis(double Least, double Most, bool Logarithmic, double From, double To, IReadOnlyList<double> Ticks)
    {
        public static Axis Create(IEnumerable<double> values, bool logarithmic, double from, double to)
        {
            double[] sorted = [.. values.Order()];
            (double least, double most) = (Scale(sorted[0], logarithmic), Scale(sorted[^1], logarithmic));
            double margin = most > least ? (most - least) * 0.08 : Math.Max(0.5, Math.Abs(least) * 0.05);
            (least, most) = (least - margin, most + margin);
            Axis axis = new(least, most, logarithmic, from, to, []);
            // The lengths of vectors are few and far apart: they name themselves.
            double[] distinct = [.. sorted.Distinct()];
            return axis with { Ticks = logarithmic && distinct.Length <= 8 ? axis.Apart(distinct) : Round(least, most, logarithmic) };
        }

        public double Position(double value) => From + ((Scale(value, Logarithmic) - Least) / (Most - Least) * (To - From));

        /// <summary>Those of <paramref name="values"/>, rising, whose names do not run into each other.</summary>
        private List<double> Apart(double[] values)
        {
            List<double> kept = [];
            foreach (double value in values)
            {
                if (kept.Count == 0 || Math.Abs(Position(value) - Position(kept[^1])) >= NameWidth)
                    kept.Add(value);
            }

            return kept;
        }

        private static double Scale(double value, bool logarithmic) => logarithmic ? Math.Log10(value) : value;

        private static double[] Round(double least, double most, bool logarithmic)
        {
            if (logarithmic)
            {
                return
                [
                    .. Enumerable
                        .Range((int)Math.Ceiling(least), Math.Max(0, (int)Math.Floor(most) - (int)Math.Ceiling(least) + 1))
                        .Select(static e => Math.Pow(10, e)),
                ];
            }

            double raw = (most - least) / 5,
                power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
            double step =
                power
                * (
                    (raw / power) switch
                    {
                        <= 1 => 1,
                        <= 2 => 2,
                        <= 5 => 5,
                        _ => 10,
                    }
                );
            return
            [
                .. Enumerable
                    .Range((int)Math.Ceiling(least / step), (int)(Math.Floor(most / step) - Math.Ceiling(least / step)) + 1)
                    .Select(i => i * step),
            ];
        }
    }
}
