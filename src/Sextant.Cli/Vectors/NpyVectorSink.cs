using System.Runtime.InteropServices;
using Sextant.Index.Interchange;

namespace Sextant.Cli.Vectors;

/// <summary>
/// A NumPy array of little-endian float32, shape (texts, dimensions), format 1.0. The header holds the number of rows, known only
/// at the end: a file has it filled in then, and standard output waits for the last vector.
/// </summary>
internal sealed class NpyVectorSink(string? path, Stream standardOutput) : VectorSink(path, standardOutput)
{
    private MemoryStream? _waiting;
    private int _dimensions;
    private long _rows;

    public override async ValueTask WriteAsync(string text, ReadOnlyMemory<float> vector, CancellationToken cancellationToken)
    {
        if (_rows == 0)
        {
            _dimensions = vector.Length;
            if (Stream.CanSeek)
                await Stream.WriteAsync(NpyFile.CreateHeader(0, _dimensions), cancellationToken);
            else
                _waiting = new MemoryStream();
        }
        _rows++;
        (_waiting ?? Stream).Write(MemoryMarshal.AsBytes(vector.Span));
    }

    protected override async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (Stream.CanSeek)
            Stream.Position = 0;
        await Stream.WriteAsync(NpyFile.CreateHeader(_rows, _dimensions), cancellationToken);
        if (_waiting is not null)
        {
            _waiting.Position = 0;
            await _waiting.CopyToAsync(Stream, cancellationToken);
        }
    }
}
