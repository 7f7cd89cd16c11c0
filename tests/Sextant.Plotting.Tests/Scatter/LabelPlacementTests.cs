using CsCheck;
using Sextant.Plotting.Scatter;
using SkiaSharp;

namespace Sextant.Plotting.Tests.Scatter;

public sealed class LabelPlacementTests
{
    private static readonly SKRect Frame = SKRect.Create(20, 60, 800, 500);

    [Fact]
    public void Annotations_neither_overlap_nor_leave_the_frame() =>
        Gen.Select(Gen.Float[20, 820], Gen.Float[60, 560], Gen.Float[5, 200])
            .Array[1, 400]
            .Sample(
                labels =>
                {
                    SKPoint[] points = [.. labels.Select(label => new SKPoint(label.Item1, label.Item2))];
                    LabelPlacement placement = new(Frame, points);

                    SKRect[] placed =
                    [
                        .. labels.Select((label, i) => placement.Place(points[i], new SKSize(label.Item3, 14), gap: 4)).OfType<SKRect>(),
                    ];

                    Assert.All(placed, place => Assert.True(Frame.Contains(place)));
                    for (int i = 0; i < placed.Length; i++)
                    {
                        for (int j = i + 1; j < placed.Length; j++)
                            Assert.False(placed[i].IntersectsWith(placed[j]), $"{placed[i]} and {placed[j]}");
                    }
                },
                iter: 100
            );

    [Fact]
    public void Annotation_does_not_cover_its_point()
    {
        SKPoint point = new(400, 300);

        SKRect place = new LabelPlacement(Frame, [point]).Place(point, new SKSize(100, 14), gap: 5)!.Value;

        Assert.False(place.Contains(point));
        Assert.True(place.Left >= point.X + 3 || place.Right <= point.X - 3 || place.Top >= point.Y + 3 || place.Bottom <= point.Y - 3);
    }

    [Fact]
    public void Annotation_moves_left_when_the_right_is_crowded()
    {
        SKPoint point = new(400, 300);
        SKPoint[] crowd = [point, .. Enumerable.Range(0, 200).Select(i => new SKPoint(420 + (i % 40), 260 + (2 * (i / 2f))))];

        SKRect place = new LabelPlacement(Frame, crowd).Place(point, new SKSize(60, 14), gap: 5)!.Value;

        Assert.True(place.Right < point.X);
    }

    [Fact]
    public void Point_without_free_space_has_no_annotation()
    {
        SKPoint point = new(400, 300);
        LabelPlacement placement = new(Frame, [point]);

        int placed = Enumerable.Range(0, 50).Count(_ => placement.Place(point, new SKSize(80, 14), gap: 5) is not null);

        Assert.InRange(placed, 2, 8);
        Assert.Null(placement.Place(point, new SKSize(900, 14), gap: 5));
    }
}
