using System.Text.Json.Serialization;
using Parquet.Serialization;

namespace Sextant.Cli.Vectors;

/// <summary>
/// A Parquet file with a column <c>text</c> and a list column <c>embedding</c> of float32. Rows wait in memory for the end.
/// </summary>
internal sealed class ParquetVectorSink(string? path, Stream standardOutput) : VectorSink(path, standardOutput)
{
    private readonly List<Row> _rows = [];

    public override ValueTask WriteAsync(string text, ReadOnlyMemory<float> vector, CancellationToken cancellationToken)
    {
        _rows.Add(new Row { Text = text, Embedding = vector.ToArray() });
        return ValueTask.CompletedTask;
    }

    protected override async Task FinishAsync(CancellationToken cancellationToken)
    {
        // The writer goes by its position in the file, which a pipe does not have.
        using var file = new MemoryStream();
        await ParquetSerializer.SerializeAsync(_rows, file, cancellationToken: cancellationToken);
        await Stream.WriteAsync(file.GetBuffer().AsMemory(0, (int)file.Length), cancellationToken);
    }

    private sealed class Row
    {
        [JsonPropertyName("text")]
        public required string Text { get; init; }

        [JsonPropertyName("embedding")]
        public required float[] Embedding { get; init; }
    }
}
