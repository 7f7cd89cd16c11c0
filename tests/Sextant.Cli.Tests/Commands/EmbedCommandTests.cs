using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parquet;
using Parquet.Serialization;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class EmbedCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Vectors_are_in_input_order_and_have_length_1()
    {
        CommandResult result = await _sextant.RunAsync("embed", "Straße & <tag>", "second", "--dimensions", "64");

        Assert.Equal(0, result.ExitCode);
        JsonElement[] rows = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["Straße & <tag>", "second"], rows.Select(row => row.GetProperty("text").GetString()));
        Assert.Contains("Straße & <tag>", result.Output, StringComparison.Ordinal);
        Assert.All(
            rows,
            row =>
            {
                double[] vector = [.. row.GetProperty("embedding").EnumerateArray().Select(v => v.GetDouble())];
                Assert.Equal(64, vector.Length);
                Assert.Equal(1, vector.Sum(v => v * v), 1e-5);
            }
        );
    }

    [Fact]
    public async Task Standard_input_has_one_text_per_line()
    {
        CommandResult result = await _sextant.RunAsync(["embed", "--format", "csv", "--dimensions", "32"], "a, \"quoted\" text\nanother\n");

        Assert.StartsWith("text,d0,d1,", result.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("\"a, \"\"quoted\"\" text\",", result.Lines[1], StringComparison.Ordinal);
        Assert.Equal(33, result.Lines[2].Split(',').Length);
    }

    [Theory]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)'o', (byte)'n', (byte)'e', (byte)'\n', (byte)'\n', (byte)'{' }, "one||{")]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'o', 0, (byte)'n', 0, (byte)'e', 0, (byte)'\r', 0, (byte)'\n', 0 }, "one")]
    [InlineData(new byte[] { 0xFE, 0xFF, 0, (byte)'o', 0, (byte)'n', 0, (byte)'e' }, "one")]
    [InlineData(new byte[] { (byte)'o', (byte)'k', (byte)'\n', (byte)'c', (byte)'a', (byte)'f', 0xE9, (byte)'\n' }, null)]
    public async Task Standard_input_is_decoded_like_files(byte[] bytes, string? texts)
    {
        await File.WriteAllBytesAsync(Path.Combine(_sextant.Folder, "in.txt"), bytes);
        foreach (string given in (string[])["< in.txt", "--input - < in.txt", "--input in.txt"])
        {
            CommandResult result = await _sextant.RunProgramAsync(
                "sh",
                ["-c", $"\"$@\" {given}", "sh", .. _sextant.CommandLine("embed", "--dimensions", "2")]
            );

            Assert.Equal(texts is null ? 2 : 0, result.ExitCode);
            if (texts is null)
            {
                Assert.Contains(":2: bytes that are not UTF-8", result.Error, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(
                    texts,
                    string.Join('|', result.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()))
                );
            }
        }
    }

    [Fact]
    public async Task Every_format_contains_the_same_numbers()
    {
        string[] texts = ["one text", "another text"];
        float[] json =
        [
            .. (await _sextant.RunAsync(["embed", .. texts])).Lines.SelectMany(line =>
                JsonDocument.Parse(line).RootElement.GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle())
            ),
        ];
        foreach (string format in (string[])["csv", "npy", "parquet"])
            Assert.Equal(0, (await _sextant.RunAsync(["embed", .. texts, "-o", $"vectors.{format}"])).ExitCode);

        byte[] npy = await File.ReadAllBytesAsync(Path.Combine(_sextant.Folder, "vectors.npy"));
        string[] csv = await File.ReadAllLinesAsync(Path.Combine(_sextant.Folder, "vectors.csv"));
        Assert.Contains("'shape': (2, 256)", Encoding.ASCII.GetString(npy, 0, 128), StringComparison.Ordinal);
        Assert.Equal(json, MemoryMarshal.Cast<byte, float>(npy.AsSpan(128)).ToArray());
        Assert.Equal(
            json,
            csv.Skip(1).SelectMany(line => line.Split(',').Skip(1)).Select(v => float.Parse(v, CultureInfo.InvariantCulture))
        );
        Assert.Equal(json, await ReadParquetAsync("vectors.parquet"));
    }

    [Fact]
    public async Task Closed_pipe_ends_the_command_without_an_error()
    {
        _sextant.Write("many.txt", string.Concat(Enumerable.Repeat("some text\n", 50_000)));
        string[] script = ["-c", "\"$@\" | head -n 1", "sh", .. _sextant.CommandLine("embed", "--input", "many.txt")];

        CommandResult result = await _sextant.RunProgramAsync("sh", script);

        Assert.Single(result.Lines);
        Assert.Empty(result.Error);
    }

    private sealed class VectorRow
    {
        [JsonPropertyName("embedding")]
        public List<float> Embedding { get; set; } = [];
    }

    private async Task<float[]> ReadParquetAsync(string name)
    {
        await using FileStream file = File.OpenRead(Path.Combine(_sextant.Folder, name));
        await using ParquetReader reader = await ParquetReader.CreateAsync(file);
        Assert.Equal(1, reader.RowGroupCount);
        IList<VectorRow> rows = (await ParquetSerializer.DeserializeAsync<VectorRow>(file)).Data;
        return [.. rows.SelectMany(row => row.Embedding)];
    }
}
