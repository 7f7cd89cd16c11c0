using Parquet;
using Parquet.Schema;

namespace Sextant.Cli.Vectors;

/// <summary>A Parquet file with a column <c>text</c> and a list column <c>embedding</c> of float32.</summary>
internal sealed class ParquetVectorSink(string? path, Stream standardOutput) : VectorSink(path, standardOutput)
{
    private const int RowsPerGroup = 8192;

    private static readonly ParquetSchema Schema = new(
        new DataField<string>("text", nullable: false),
        new ListField("embedding", new DataField<float>("element", nullable: false)));

    private readonly List<string> _texts = new(RowsPerGroup);
    private readonly List<float> _values = [];
    private readonly List<int> _repetitions = [];
    private readonly MemoryStream _waiting = new();
    private ParquetWriter? _writer;

    public override async ValueTask WriteAsync(string text, ReadOnlyMemory<float> vector, CancellationToken cancellationToken)
    {
        _texts.Add(text);
        for (int i = 0; i < vector.Length; i++)
        {
            _values.Add(vector.Span[i]);
            // 0 begins a list, 1 goes on with it.
            _repetitions.Add(i == 0 ? 0 : 1);
        }
        if (_texts.Count == RowsPerGroup)
            await WriteGroupAsync(cancellationToken);
    }

    protected override async Task FinishAsync(CancellationToken cancellationToken)
    {
        await WriteGroupAsync(cancellationToken);
        await _writer!.DisposeAsync();
        if (!Stream.CanSeek)
            await Stream.WriteAsync(_waiting.GetBuffer().AsMemory(0, (int)_waiting.Length), cancellationToken);
    }

    private async Task WriteGroupAsync(CancellationToken cancellationToken)
    {
        // The writer asks for its position, which a pipe does not have.
        _writer ??= await ParquetWriter.CreateAsync(Schema, Stream.CanSeek ? Stream : _waiting, cancellationToken: cancellationToken);
        if (_texts.Count == 0)
            return;
        DataField[] fields = Schema.GetDataFields();
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        await group.WriteAsync(fields[0], _texts);
        await group.WriteAsync<float>(fields[1], _values.ToArray(), _repetitions.ToArray(), cancellationToken: cancellationToken);
        _texts.Clear();
        _values.Clear();
        _repetitions.Clear();
    }
}
