using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Sextant.Cli.Vectors;

/// <summary>
/// A NumPy array of little-endian float32, shape (texts, dimensions), format 1.0. The header holds the number of rows, known only
/// at the end: a file has it filled in then, and standard output waits for the last vector.
/// </summary>
internal sealed class NpyVectorSink(string? path, Stream standardOutput) : VectorSink(path, standardOutput)
{
    private const int HeaderBytes = 128;

    private MemoryStream? _waiting;
    private int _dimensions;
    private long _rows;

    public override async ValueTask WriteAsync(string text, ReadOnlyMemory<float> vector, CancellationToken cancellationToken)
    {
        if (_rows == 0)
        {
            _dimensions = vector.Length;
            if (Stream.CanSeek)
                await Stream.WriteAsync(new byte[HeaderBytes], cancellationToken);
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
        await Stream.WriteAsync(Header(), cancellationToken);
        if (_waiting is not null)
        {
            _waiting.Position = 0;
            await _waiting.CopyToAsync(Stream, cancellationToken);
        }
    }

    private byte[] Header()
    {
        const int Preamble = 10;
        string dictionary = string.Create(CultureInfo.InvariantCulture,
            $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({_rows}, {_dimensions}), }}");
        byte[] header = [0x93, .. "NUMPY"u8, 1, 0, HeaderBytes - Preamble, 0,
            .. Encoding.ASCII.GetBytes(dictionary.PadRight(HeaderBytes - Preamble - 1) + "\n")];
        return header;
    }
}
