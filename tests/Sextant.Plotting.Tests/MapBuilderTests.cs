using System.Text.Json.Nodes;

namespace Sextant.Plotting.Tests;

public sealed class MapBuilderTests
{
    [Fact]
    public void Points_have_texts_and_the_union_of_all_fields()
    {
        MapBuilder builder = new(static value => $"<{value}>", maxFields: 2);
        for (int i = 0; i < 6; i++)
        {
            builder.Add(
                new float[] { i, i * i, 1 },
                $"text {i}",
                i == 0 ? null : new JsonObject { ["topic"] = i % 2, [i == 1 ? "year" : "late"] = i }
            );
        }

        MapData map = builder.LayOut(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(6, map.Count);
        Assert.Equal("text 5", map.Texts![5]);
        Assert.Equal(["topic", "year"], map.Fields.Select(field => field.Name));
        Assert.Equal([null, "<1>", "<0>", "<1>", "<0>", "<1>"], map.Field("topic").Values);
        Assert.Equal([null, "<1>", null, null, null, null], map.Field("year").Values);
        Assert.Equal(["topic", "year", "late"], builder.FieldNames);
    }

    [Fact]
    public void Map_without_texts_is_built_and_mixed_dimensions_are_rejected()
    {
        MapBuilder builder = new(static value => value.ToString());
        Assert.Throws<InputException>(() => builder.LayOut(cancellationToken: TestContext.Current.CancellationToken));
        for (int i = 0; i < 5; i++)
            builder.Add(new float[] { i, 1 });
        Assert.Null(builder.LayOut(cancellationToken: TestContext.Current.CancellationToken).Texts);
        Assert.Contains(
            "3 dimensions where 2 are expected",
            Assert.Throws<InputException>(() => builder.Add(new float[3])).Message,
            StringComparison.Ordinal
        );
    }
}
