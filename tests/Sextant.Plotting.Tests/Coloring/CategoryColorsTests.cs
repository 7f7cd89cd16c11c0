using System.Text.Json;
using System.Xml.Linq;
using Sextant.Plotting.Coloring;

namespace Sextant.Plotting.Tests.Coloring;

public sealed class CategoryColorsTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(PlotPalette.Tab10, 60)]
    [InlineData(PlotPalette.ColorBlind, 42)]
    public void Every_category_has_its_own_pair_of_color_and_shape(PlotPalette palette, int most)
    {
        var colors = PaletteColors.Get(palette);

        Assert.Equal(most, colors.MostCategories);
        Assert.Equal(most, Enumerable.Range(0, most).Select(i => (colors.Color(i), colors.Shape(i))).Distinct().Count());
    }

    [Fact]
    public void Least_frequent_categories_are_grouped()
    {
        string[] values = [.. Enumerable.Range(0, 100).SelectMany(i => Enumerable.Repeat($"kind {i}", i + 1))];

        var colors = CategoryColors.Create(values, PlotPalette.Tab10, 3);

        Assert.Equal(["kind 99", "kind 98", "kind 97"], colors.Shown);
        Assert.Equal((97, -1, 1), (colors.Others, colors.Find("kind 5"), colors.Find("kind 98")));
    }

    [Theory]
    [InlineData(PlotPalette.Tab10, null)]
    [InlineData(PlotPalette.ColorBlind, 5)]
    public void Image_and_page_give_a_category_the_same_color(PlotPalette palette, int? most)
    {
        MapData data = Samples.Clusters(120, 12);
        using MemoryStream stream = new();
        InteractiveMap.WriteJson(stream, data, new() { Palette = palette, MaxCategories = most });
        JsonElement field = JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("fields")[0];
        string[] categories = [.. field.GetProperty("categories").EnumerateArray().Select(name => name.GetString()!)];
        string?[] onPage = [.. field.GetProperty("colors").EnumerateArray().Select(color => color.GetString())];

        string[] inImage = LegendColors(
            ScatterPlot.ToSvg(
                data,
                new()
                {
                    Label = "kind",
                    Annotate = false,
                    Palette = palette,
                    MaxCategories = most,
                }
            )
        );

        Assert.Equal(onPage.OfType<string>(), inImage.Take(most ?? 12));
        Assert.Equal(12, categories.Length);
        Assert.Equal(12 - (most ?? 12), onPage.Count(color => color is null));
    }

    // The shapes of the legend are the only opaque ones.
    private static string[] LegendColors(string svg) =>
        [
            .. XElement
                .Parse(svg)
                .Descendants()
                .Where(e => (e.Name == Svg + "ellipse" || e.Name == Svg + "path") && e.Attribute("fill-opacity") is null)
                .Select(e => ((string)e.Attribute("fill")!).ToLowerInvariant())
                .Where(fill => fill.StartsWith('#')),
        ];
}
