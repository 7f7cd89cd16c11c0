using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sextant.Embedding;
using Sextant.Index;
using Sextant.Numerics;
using Sextant.Search.Storage;

namespace Sextant.Core.Tests.Search.Storage;

public sealed class ManifestTests
{
    // How manifests were written before the code that writes them was generated.
    private static readonly JsonSerializerOptions Reflection = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly Manifest Sample = new()
    {
        Model = new()
        {
            Name = "étude \"+1\" & <b>",
            Identity = "étude \"+1\" & <b>",
            Provider = "onnx",
            Dimensions = 384,
            MaxTokens = 256,
            Pooling = "mean",
            QueryPrompt = "query: ",
            Normalized = false,
            MatryoshkaDimensions = [384, 128],
        },
        Fingerprint = "onnx/étude/384/0011223344556677",
        TruncatedDimensions = 128,
        Index = new()
        {
            M = 16,
            EfSearch = 64,
            Metric = SimilarityMetric.Euclidean,
            Storage = VectorStorage.Int8,
            Seed = ulong.MaxValue,
        },
        Created = DateTimeOffset.Parse("2026-03-04T05:06:07.8901234+01:00", CultureInfo.InvariantCulture),
    };

    [Fact]
    public void Manifest_has_the_bytes_that_earlier_versions_wrote()
    {
        Dictionary<string, string?> values = Sample.ToValues().ToDictionary(v => v.Name, v => v.Value);

        Assert.Equal(
            """
            {"name":"\u00E9tude \u0022\u002B1\u0022 \u0026 \u003Cb\u003E","identity":"\u00E9tude \u0022\u002B1\u0022 \u0026 \u003Cb\u003E",
            "provider":"onnx","revision":"","dimensions":384,"maxTokens":256,"pooling":"mean","queryPrompt":"query: ","documentPrompt":"",
            "normalized":false,"matryoshkaDimensions":[384,128],"fingerprint":"onnx/\u00E9tude \u0022\u002B1\u0022 \u0026 \u003Cb\u003E/384/
            """.Replace("\n", "", StringComparison.Ordinal)
                + Sample.Model.Fingerprint[^16..]
                + "\"}",
            values["model"]
        );
        Assert.Equal(
            """{"m":16,"efConstruction":200,"efSearch":64,"metric":"Euclidean","storage":"Int8","seed":18446744073709551615}""",
            values["index"]
        );
        Assert.Equal(JsonSerializer.Serialize(Sample.Model, Reflection), values["model"]);
        Assert.Equal(JsonSerializer.Serialize(Sample.Index, Reflection), values["index"]);
        Assert.Equal(JsonSerializer.Serialize(values), ManifestJson.Write(values!));
    }

    [Fact]
    public void Manifest_that_is_read_equals_the_one_that_was_written()
    {
        Manifest read = Manifest.FromValues(Sample.ToValues().ToDictionary(v => v.Name, v => v.Value!));

        Assert.Equal([384, 128], read.Model.MatryoshkaDimensions);
        Assert.Equal(Sample, read with { Model = read.Model with { MatryoshkaDimensions = Sample.Model.MatryoshkaDimensions } });
    }

    [Fact]
    public void No_property_of_a_profile_or_an_index_is_forgotten()
    {
        ModelProfile model = Filled(Sample.Model with { });
        HnswOptions index = Filled(Sample.Index with { });

        Assert.Equal(model, ManifestJson.ReadModel(ManifestJson.Write(model)) with { MatryoshkaDimensions = model.MatryoshkaDimensions });
        Assert.Equal(index, ManifestJson.ReadIndex(ManifestJson.Write(index)));
    }

    [Fact]
    public void What_an_earlier_version_did_not_write_has_its_default()
    {
        ModelProfile model = ManifestJson.ReadModel("""{"NAME":"m","provider":"p","dimensions":"8","unknown":[1]}""");
        ModelProfile expected = new()
        {
            Name = "m",
            Provider = "p",
            Dimensions = 8,
        };
        Assert.Empty(model.MatryoshkaDimensions);
        Assert.Equal(expected, model with { MatryoshkaDimensions = expected.MatryoshkaDimensions });
        Assert.Equal(new HnswOptions { M = 8 }, ManifestJson.ReadIndex("""{"m":8}"""));
    }

    [Theory]
    [InlineData("null", "{}")]
    [InlineData("""{"name":"m","provider":"p"}""", "{}")]
    [InlineData("""{"name":"m","provider":"p","dimensions":8}""", "null")]
    [InlineData("""{"name":"m","provider":"p","dimensions":8}""", """{"storage":"Int3"}""")]
    public void Manifest_with_damaged_JSON_is_rejected(string model, string index)
    {
        Dictionary<string, string> values = Sample.ToValues().ToDictionary(v => v.Name, v => v.Value!);
        values["model"] = model;
        values["index"] = index;

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Manifest.FromValues(values));
        Assert.Contains("its manifest cannot be read", error.Message, StringComparison.Ordinal);
    }

    // Every property that can be set has another value than in a new instance.
    private static T Filled<T>(T value)
        where T : notnull
    {
        foreach (PropertyInfo property in typeof(T).GetProperties().Where(p => p.CanWrite))
        {
            object? other = property.GetValue(value) switch
            {
                string text => text + " and more",
                bool flag => !flag,
                int number => number + 3,
                ulong number => number - 3,
                SimilarityMetric => SimilarityMetric.Dot,
                VectorStorage => VectorStorage.Float32,
                IReadOnlyList<int> => (int[])[3, 2],
                object unknown => throw new InvalidOperationException($"{property.Name} has a new type: {unknown.GetType()}"),
                null => throw new InvalidOperationException($"{property.Name} is not set in the sample"),
            };
            property.SetValue(value, other);
        }

        return value;
    }
}
