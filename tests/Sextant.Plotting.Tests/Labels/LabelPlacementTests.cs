using CsCheck;
using Sextant.Plotting.Labels;
using SkiaSharp;

namespace Sextant.Plotting.Tests.Labels;

public sealed class LabelPlacementTests
{
    private const float Radius = 4;

    private static readonly SKRect Frame = SKRect.Create(20, 60, 800, 500);

    [Fact]
    public void Labels_cover_no_point_and_no_label_and_stay_in_the_frame() =>
        Gen.Select(Gen.Float[20, 820], Gen.Float[60, 560], Gen.Float[5, 200])
            .Array[1, 200]
            .Sample(
                labels =>
                {
                    SKPoint[] points = [.. labels.Select(label => new SKPoint(label.Item1, label.Item2))];
                    LabelRequest[] requests = [.. labels.Select((label, i) => new LabelRequest(points[i], "", new(label.Item3, 14)))];

                    List<PlacedLabel> placed = Place(points, requests);

                    Assert.All(placed, label => Assert.True(Frame.Contains(label.Box)));
                    Assert.All(placed, label => Assert.DoesNotContain(points, point => Covers(label.Box, point)));
                    for (int i = 0; i < placed.Count; i++)
                    {
                        for (int j = i + 1; j < placed.Count; j++)
                            Assert.False(placed[i].Box.IntersectsWith(placed[j].Box), $"{placed[i]} and {placed[j]}");
                    }
                },
                iter: 30
            );

    [Fact]
    public void Label_of_a_lone_point_is_to_its_right()
    {
        SKPoint point = new(400, 300);

        SKRect box = Assert.Single(Place([point], [new(point, "", new(100, 14))])).Box;

        Assert.InRange(box.Left - point.X, Radius, Radius + 8);
        Assert.InRange(point.Y, box.Top, box.Bottom);
    }

    [Fact]
    public void Label_avoids_the_crowded_side()
    {
        SKPoint point = new(400, 300);
        SKPoint[] crowd = [point, .. Enumerable.Range(0, 1600).Select(i => new SKPoint(415 + (5 * (i % 40)), 200 + (5 * (i / 40))))];

        SKRect box = Assert.Single(Place(crowd, [new(point, "", new(60, 14))])).Box;

        Assert.True(box.Right <= crowd[1].X - Radius);
    }

    [Fact]
    public void Label_without_space_next_to_its_point_gets_a_leader_line_or_is_dropped()
    {
        SKPoint[] crowd = [.. Enumerable.Range(0, 400).Select(i => new SKPoint(350 + (5 * (i % 20)), 250 + (5 * (i / 20))))];

        PlacedLabel near = Assert.Single(Place(crowd, [new(crowd[210], "", new(60, 14))], farthest: 110));

        Assert.True(near.Gap > LabelEnergy.Beside);
        Assert.Empty(Place(crowd, [new(crowd[210], "", new(60, 14))], farthest: 16));
        Assert.Empty(Place(crowd, [new(crowd[210], "", new(900, 14))], farthest: 110));
    }

    [Fact]
    public void Most_important_labels_are_kept_when_space_is_limited()
    {
        SKPoint point = new(400, 300);
        LabelRequest[] requests = [.. Enumerable.Range(0, 50).Select(i => new LabelRequest(point, $"{i}", new(80, 14)))];

        List<PlacedLabel> placed = Place([point], requests, area: 3 * 80 * 14);

        Assert.InRange(placed.Count, 2, 4);
        Assert.Contains(placed, label => label.Request.Text == "0");
    }

    [Fact]
    public void Importance_takes_one_point_of_each_group_first_the_largest_group_first()
    {
        SKPoint[] points =
        [
            .. Enumerable.Range(0, 5).Select(i => new SKPoint(100 + i, 100)),
            .. Enumerable.Range(0, 20).Select(i => new SKPoint(500 + i, 300)),
            .. Enumerable.Range(0, 9).Select(i => new SKPoint(700 + i, 500)),
        ];

        List<int> order = LabelImportance.Order(Frame, points, near: 60, most: 10);

        Assert.Equal(
            [1, 2, 0],
            order
                .Take(3)
                .Select(point =>
                    point < 5 ? 0
                    : point < 25 ? 1
                    : 2
                )
        );
        Assert.Equal(10, order.Distinct().Count());
    }

    private static bool Covers(SKRect box, SKPoint point) =>
        PointGrid.SquaredDistance(point, PlacedLabel.Nearest(box, point)) < Radius * Radius;

    private static List<PlacedLabel> Place(SKPoint[] points, LabelRequest[] requests, float farthest = 40, float area = 1e9f) =>
        [
            .. new LabelPlacement(new(Frame, new PointGrid(Frame, points, 16), Radius))
                .Place(requests, requests.Length, area, farthest)
                .Select(one => one.Placed),
        ];
}
