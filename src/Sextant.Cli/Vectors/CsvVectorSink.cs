using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sextant.Cli.Vectors;

/// <summary>A header, then the text and one number a dimension; quoted as RFC 4180 has it.</summary>
internal sealed class CsvVectorSink(string? path, Stream standardOutput) : VectorSink(path, standardOutput)
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");

    private readonly StringBuilder _line = new();
    private bool _hasHeader;

    public override async ValueTask WriteAsync(string text, ReadOnlyMemory<float> vector, CancellationToken cancellationToken)
    {
        _line.Clear();
        if (!_hasHeader)
        {
            _line.Append("text");
            for (int i = 0; i < vector.Length; i++)
                _line.Append(CultureInfo.InvariantCulture, $",d{i}");
            _line.Append('\n');
            _hasHeader = true;
        }
        _line.Append(text.AsSpan().ContainsAny(NeedQuotes) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text);
        foreach (float value in vector.Span)
            _line.Append(CultureInfo.InvariantCulture, $",{value:R}");
        _line.Append('\n');
        await Stream.WriteAsync(Encoding.UTF8.GetBytes(_line.ToString()), cancellationToken);
    }
}
