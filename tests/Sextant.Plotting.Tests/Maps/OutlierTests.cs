using System.Text.Json;
using System.Xml.Linq;

namespace Sextant.Plotting.Tests.Maps;

public sealed class OutlierTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Two_outliers_do_not_shrink_the_rest_and_are_marked_and_counted()
    {
        XElement without = Draw(Square()),
            with = Draw([.. Square(), 500, 0, -3, -900]);

        Assert.DoesNotContain(Texts(without), text => text.Contains("beyond", StringComparison.Ordinal));
        Assert.Contains("2 points are outside the frame, marked at its edge", Texts(with));
        Assert.Equal(100, with.Descendants(Svg + "ellipse").Count());
        Assert.InRange(Width(with) / Width(without), 0.95, 1.05);
    }

    [Fact]
    public void Distant_group_is_not_an_outlier()
    {
        float[] group = [.. Enumerable.Range(0, 20).SelectMany(i => new float[] { 500 + i, 0 })];
        Assert.DoesNotContain(Texts(Draw([.. Square(), .. group])), text => text.Contains("beyond", StringComparison.Ordinal));
    }

    [Fact]
    public void Page_opens_on_the_main_group_of_points()
    {
        using MemoryStream json = new();
        InteractiveMap.WriteJson(json, new MapData((float[])[.. Square(), 500, 0]));
        float[] positions = new float[202];
        byte[] bytes = JsonDocument.Parse(json.ToArray()).RootElement.GetProperty("positions").GetBytesFromBase64();
        Buffer.BlockCopy(bytes, 0, positions, 0, bytes.Length);

        Assert.Equal((-1f, 1f), (positions[..200].Min(), positions[..200].Max()));
        Assert.InRange(positions[200], 50, 200);
    }

    /// <summary>A hundred points in a square of ten.</summary>
    private static float[] Square() => [.. Enumerable.Range(0, 100).SelectMany(i => new float[] { i % 10, i / 10 })];

    private static XElement Draw(float[] positions) => XElement.Parse(ScatterPlot.ToSvg(new MapData(positions)));

    private static IEnumerable<string> Texts(XElement svg) => svg.Descendants(Svg + "text").Select(text => text.Value.Trim());

    private static double Width(XElement svg)
    {
        double[] x =
        [
            .. svg.Descendants(Svg + "ellipse")
                .Select(e => double.Parse((string)e.Attribute("cx")!, System.Globalization.CultureInfo.InvariantCulture)),
        ];
        return x.Max() - x.Min();
    }
}
