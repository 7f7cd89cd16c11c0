using System.Xml.Linq;
using SkiaSharp;

namespace Sextant.Plotting.Tests;

public sealed class ScatterPlotTests
{
    private static readonly SKColor Blue = SKColor.Parse("#1f77b4");
    private static readonly SKColor Orange = SKColor.Parse("#ff7f0e");
    private static readonly SKColor Green = SKColor.Parse("#2ca02c");

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Default_plot_is_12_by_8_inches_at_150_dpi()
    {
        MapData data = Samples.Clusters(30, 3);

        Assert.Equal((1800, 1200), Size(ScatterPlot.ToPng(data)));
        Assert.Equal(
            (400, 300),
            Size(
                ScatterPlot.ToPng(
                    data,
                    new()
                    {
                        Width = 4,
                        Height = 3,
                        Dpi = 100,
                    }
                )
            )
        );
    }

    [Fact]
    public void Points_are_translucent_and_legend_colors_are_opaque()
    {
        using SKBitmap picture = Draw(Samples.Clusters(30, 3), new() { Label = "kind", Annotate = false });
        SKColor[] colors = picture.Pixels;

        foreach (SKColor color in (SKColor[])[Blue, Orange, Green])
        {
            // A single point has 0.7 of its color over 0.3 of white; the legend's dot has the pure color.
            SKColor through = new(Over(color.Red), Over(color.Green), Over(color.Blue));
            Assert.True(colors.Count(c => Near(c, through)) > 100, $"{color} on the map");
            Assert.True(colors.Count(c => Near(c, color)) > 50, $"{color} in the legend");
        }

        static byte Over(byte channel) => (byte)((0.698 * channel) + (0.302 * 255));
    }

    [Fact]
    public void Plot_without_labels_has_one_color_and_no_legend()
    {
        XElement svg = Parse(Samples.Clusters(30, 3), new() { Annotate = false });

        Assert.Equal(["Semantic Embedding Space"], Texts(svg));
        Assert.Single(svg.Descendants(Svg + "ellipse").Select(e => (string?)e.Attribute("fill")).Distinct());
    }

    [Fact]
    public void SVG_keeps_title_legend_and_annotations_as_text_in_any_script()
    {
        MapData data = Samples.Clusters(
            9,
            3,
            i =>
                i switch
                {
                    0 => "漢字のテキスト",
                    1 => "emoji 🎉 <b>&",
                    2 => "שלום עולם",
                    _ => $"plain {i}",
                }
        );

        string[] texts = Texts(Parse(data, new() { Label = "kind", Title = "Ünïcode & <title>" }));

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "漢字のテキスト",
                "emoji 🎉 <b>&",
                "שלום עולם",
                "plain 8",
                "Ünïcode & <title>",
                "kind",
                "kind 0",
                "kind 1",
                "kind 2",
            },
            texts.ToHashSet(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Annotations_are_the_first_30_characters()
    {
        string[] texts = Texts(Parse(Samples.Clusters(3, 3, i => $"{i} is a text that is much longer than an annotation"), new()));

        Assert.Contains("0 is a text that is much longe…", texts);
    }

    [Fact]
    public void A_thousand_annotations_are_thinned_to_a_readable_number()
    {
        int annotations = Texts(Parse(Samples.Clusters(1000, 5), new()))
            .Count(text => text.StartsWith("text number", StringComparison.Ordinal));

        Assert.InRange(annotations, 20, 200);
    }

    [Fact]
    public void Many_numeric_labels_get_a_color_scale_and_no_legend()
    {
        XElement svg = Parse(Samples.Clusters(100, 3), new() { Label = "size", Annotate = false });
        string[] texts = Texts(svg);

        Assert.Contains("size", texts);
        Assert.Contains("40", texts);
        Assert.DoesNotContain("50.5", texts);
        Assert.True(svg.Descendants(Svg + "ellipse").Select(e => (string?)e.Attribute("fill")).Distinct().Count() > 50);
    }

    [Fact]
    public void Labels_beyond_the_palette_share_a_color_and_are_counted()
    {
        string[] texts = Texts(Parse(Samples.Clusters(300, 50), new() { Label = "kind", Annotate = false }));

        Assert.Contains("10 others", texts);
        Assert.Equal(40, texts.Count(text => text.StartsWith("kind ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Missing_characters_are_listed_once()
    {
        MapData data = Samples.Clusters(4, 2, i => $"text {i} \U0010FF12 \U0010FF13");

        Assert.Equal(["\U0010FF12", "\U0010FF13"], ScatterPlot.FindMissingCharacters(data));
        Assert.Empty(ScatterPlot.FindMissingCharacters(data, new() { Annotate = false }));
        Assert.Empty(ScatterPlot.FindMissingCharacters(Samples.Clusters(4, 2, _ => "Ελληνικά Кириллица café")));
    }

    [Fact]
    public void Layout_is_turned_so_that_it_is_wide()
    {
        MapBuilder builder = new(static value => value.ToString());
        Random random = new(1);
        for (int i = 0; i < 60; i++)
            builder.Add(new float[] { (i % 2 * 9) + random.NextSingle(), random.NextSingle(), random.NextSingle() });

        float[] positions = builder.LayOut().Positions.ToArray();

        Assert.True(Spread(positions, 0) > Spread(positions, 1));

        static double Spread(float[] positions, int axis)
        {
            float[] values = [.. positions.Where((_, i) => i % 2 == axis)];
            return values.Average(value => (value - values.Average()) * (value - values.Average()));
        }
    }

    [Fact]
    public void Themes_set_the_background()
    {
        MapData data = Samples.Clusters(30, 3);
        using SKBitmap light = Draw(data, new()),
            dark = Draw(data, new() { Theme = PlotTheme.Dark });

        Assert.Equal(SKColors.White, light.GetPixel(5, 5));
        Assert.Equal(SKColor.Parse("#14171c"), dark.GetPixel(5, 5));
    }

    [Fact]
    public void Plotting_is_deterministic()
    {
        MapData data = Samples.Clusters(200, 4);

        Assert.Equal(ScatterPlot.ToPng(data, new() { Label = "kind" }), ScatterPlot.ToPng(data, new() { Label = "kind" }));
        Assert.Equal(ScatterPlot.ToSvg(data), ScatterPlot.ToSvg(data));
    }

    [Theory]
    [InlineData(new float[] { 3, 4 })]
    [InlineData(new float[] { 1, 1, 1, 1, 1, 1 })]
    [InlineData(new float[] { 0, 5, 1, 5, float.NaN, 5 })]
    [InlineData(new float[] { float.NaN, float.NaN })]
    public void Single_equal_and_nonfinite_points_are_plotted(float[] positions)
    {
        MapData data = new(positions, [.. Enumerable.Repeat("text", positions.Length / 2)]);

        Assert.Equal((1800, 1200), Size(ScatterPlot.ToPng(data)));
    }

    [Fact]
    public void Invalid_plot_is_an_error_with_the_reason()
    {
        Assert.Throws<InputException>(() => new MapData(Array.Empty<float>()));
        Assert.Throws<InputException>(() => new MapData(new float[4], ["only one"]));
        InputException wrong = Assert.Throws<InputException>(() => ScatterPlot.ToPng(Samples.Clusters(3, 3), new() { Label = "topic" }));
        Assert.Equal("no field 'topic'; the fields are kind, size", wrong.Message);
        Assert.Throws<InputException>(() => ScatterPlot.ToPng(Samples.Clusters(3, 3), new() { Width = 1000 }));
    }

    private static bool Near(SKColor a, SKColor b) =>
        Math.Abs(a.Red - b.Red) <= 2 && Math.Abs(a.Green - b.Green) <= 2 && Math.Abs(a.Blue - b.Blue) <= 2;

    private static SKBitmap Draw(MapData data, ScatterPlotOptions options) => SKBitmap.Decode(ScatterPlot.ToPng(data, options));

    private static (int Width, int Height) Size(byte[] png)
    {
        using SKBitmap picture = SKBitmap.Decode(png);
        return (picture.Width, picture.Height);
    }

    private static XElement Parse(MapData data, ScatterPlotOptions options) => XElement.Parse(ScatterPlot.ToSvg(data, options));

    private static string[] Texts(XElement svg) => [.. svg.Descendants(Svg + "text").Select(text => text.Value.Trim())];
}
