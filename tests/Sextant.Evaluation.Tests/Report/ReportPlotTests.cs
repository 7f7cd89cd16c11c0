using System.Globalization;
using System.Xml.Linq;
using CsCheck;
using Sextant.Evaluation.Report;

namespace Sextant.Evaluation.Tests.Report;

public sealed class ReportPlotTests
{
    [Fact]
    public void Axes_have_a_few_round_ticks_for_any_values() =>
        Gen.Int[-10_000, 10_000]
            .Select(hundredths => hundredths / 100.0)
            .Array[1, 12]
            .Sample(values =>
            {
                double[] ticks = Ticks([.. values.Select(y => new PlotPoint("m", "m", 0, y, double.NaN, double.NaN))], anchor: "end");

                Assert.InRange(ticks.Length, 2, 11);
                double step = ticks[1] - ticks[0],
                    mantissa = step / Math.Pow(10, Math.Floor(Math.Log10(step * 1.001)));
                Assert.Contains([1.0, 2, 5, 10], round => Math.Abs(mantissa - round) < 0.05);
            });

    [Fact]
    public void Points_with_zero_cost_have_a_readable_axis() =>
        Assert.Equal([-0.4, -0.2, 0, 0.2, 0.4], Ticks([new("a", "a", 0, 61, 60, 62), new("b", "b", 0, 58, 57, 59)], anchor: "middle"));

    [Fact]
    public void Labels_of_a_logarithmic_axis_do_not_overlap() =>
        Assert.Equal([32, 256, 78031], Ticks([At(32), At(256), At(78030.51), At(78900)], anchor: "middle", logarithmic: true));

    private static PlotPoint At(double x) => new("m", "m", x, 1, double.NaN, double.NaN);

    private static double[] Ticks(PlotPoint[] points, string anchor, bool logarithmic = false) =>
        [
            .. XElement
                .Parse(ScatterPlot.Draw("title", "x", logarithmic, points))
                .Elements("text")
                .Where(text => (string?)text.Attribute("class") == "tick" && (string?)text.Attribute("text-anchor") == anchor)
                .Select(text => double.Parse(text.Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture)),
        ];
}
