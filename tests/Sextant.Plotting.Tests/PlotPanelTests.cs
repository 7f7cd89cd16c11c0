using System.Xml.Linq;
using SkiaSharp;

namespace Sextant.Plotting.Tests;

public sealed class PlotPanelTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly SKColor Blue = SKColor.Parse("#1f77b4");

    [Fact]
    public void Facets_have_a_panel_for_each_value_the_most_frequent_first_with_all_other_points_as_context()
    {
        MapData data = new(new float[12], fields: [new("kind", ["b", "a", "b", null, "c", "a"])]);
        IReadOnlyList<PlotPanel> panels = PlotPanel.Facet(data, "kind");

        Assert.Equal(["a (2)", "b (2)", "c (1)"], panels.Select(panel => panel.Title));
        Assert.Equal([true, false, true, true, true, false], panels[0].Context!);
        Assert.Equal(2, PlotPanel.Facet(data, "kind", most: 2).Count);
        Assert.Contains(
            "no field 'knd'",
            Assert.Throws<InputException>(() => PlotPanel.Facet(data, "knd")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Field_without_values_cannot_be_faceted() =>
        Assert.Throws<InputException>(() => PlotPanel.Facet(new(new float[4], fields: [new("kind", [null, null])]), "kind"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Picture_has_every_panel_with_its_title_and_one_legend(int kinds)
    {
        MapData data = Samples.Clusters(70, kinds);
        XElement svg = XElement.Parse(ScatterPlot.ToSvg(PlotPanel.Facet(data, "kind"), new() { Label = "kind", Annotate = false }));
        string[] texts = [.. svg.Descendants(Svg + "text").Select(text => text.Value)];

        IEnumerable<string> titles = Enumerable.Range(0, kinds).Select(kind => $"kind {kind} ({70 / kinds})");
        IEnumerable<string> legend = Enumerable.Range(0, kinds).Select(kind => $"kind {kind}");
        Assert.Equal(new[] { "Semantic Embedding Space", "kind" }.Concat(titles).Concat(legend).Order(), texts.Order());
        Assert.Equal(70 * kinds + kinds, svg.Descendants(Svg + "ellipse").Count());
        Assert.Equal(
            svg.ToString(),
            XElement.Parse(ScatterPlot.ToSvg(PlotPanel.Facet(data, "kind"), new() { Label = "kind", Annotate = false })).ToString()
        );
    }

    [Fact]
    public void Context_is_gray_and_has_no_annotations()
    {
        MapData data = Samples.Clusters(20, 2);
        bool[] context = [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0)];
        PlotPanel[] panels = [new("half", data, context)];
        XElement svg = XElement.Parse(ScatterPlot.ToSvg(panels));
        string[] texts =
        [
            .. svg.Descendants(Svg + "text").Select(text => text.Value).Where(text => text.StartsWith("text", StringComparison.Ordinal)),
        ];

        Assert.NotEmpty(texts);
        Assert.All(texts, text => Assert.Equal(1, int.Parse(text.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture) % 2));
        Assert.Equal(
            [10, 10],
            svg.Descendants(Svg + "ellipse").CountBy(point => (string)point.Attribute("fill")!).Select(color => color.Value)
        );
    }

    [Fact]
    public void PNG_of_panels_has_the_size_of_one_plot_and_points_in_each_panel()
    {
        MapData data = Samples.Clusters(60, 3);
        using SKBitmap picture = SKBitmap.Decode(
            ScatterPlot.ToPng([new PlotPanel("left", data), new PlotPanel("right", data)], new() { Annotate = false, Opacity = 1 })
        );

        Assert.Equal((1800, 1200), (picture.Width, picture.Height));
        Assert.True(IsBlue(0, 900) > 500 && IsBlue(900, 1800) > 500);

        int IsBlue(int from, int to) =>
            Enumerable.Range(from, to - from).Sum(x => Enumerable.Range(0, 1200).Count(y => picture.GetPixel(x, y) == Blue));
    }

    [Fact]
    public void Numbers_have_one_color_bar_with_the_name_of_the_field()
    {
        MapField score = MapField.OfNumbers("score", [.. Enumerable.Range(0, 8).Select(i => i / 10.0)]);
        MapData data = new(Samples.Clusters(8, 2).Positions, fields: [score]);
        string[] one = Texts(ScatterPlot.ToSvg(data, new() { Label = "score" })),
            several = Texts(ScatterPlot.ToSvg([new PlotPanel("a", data), new PlotPanel("b", data)], new() { Label = "score" }));

        string[] expected = ["score", "0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"];
        Assert.Equal(expected.Append("Semantic Embedding Space").Order(), one.Order());
        Assert.Equal(expected.Concat(["Semantic Embedding Space", "a", "b"]).Order(), several.Order());

        static string[] Texts(string svg) => [.. XElement.Parse(svg).Descendants(Svg + "text").Select(text => text.Value)];
    }

    [Fact]
    public void Cluster_names_replace_the_texts()
    {
        string[] subjects = ["bread", "engine", "garden"];
        MapData data = Samples.Clusters(60, 3, i => $"the {subjects[i % 3]} of number{i} is good");
        string[] texts =
        [
            .. XElement
                .Parse(ScatterPlot.ToSvg(data, new() { Label = "kind", ClusterNames = true }))
                .Descendants(Svg + "text")
                .Select(text => text.Value),
        ];

        Assert.All(subjects, subject => Assert.Single(texts, text => text.StartsWith(subject, StringComparison.Ordinal)));
        Assert.DoesNotContain(texts, text => text.StartsWith("the ", StringComparison.Ordinal));
    }

    [Fact]
    public void Picture_without_panels_is_rejected() => Assert.Throws<InputException>(() => ScatterPlot.ToPng(Array.Empty<PlotPanel>()));
}
