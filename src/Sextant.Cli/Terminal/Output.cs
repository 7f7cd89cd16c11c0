using System.Text;
using System.Text.Json;

namespace Sextant.Cli.Terminal;

/// <summary>
/// Standard output: UTF-8 without a mark, lines end in <c>\n</c>, buffered. Text, JSON and raw bytes go to one stream in the order written.
/// </summary>
internal sealed class Output : IDisposable
{
    private readonly Stream _stream;

    /// <summary>Writes to <paramref name="stream"/> and closes it at the end.</summary>
    public Output(Stream stream, bool isTerminal = false)
    {
        _stream = new BufferedStream(stream, 1 << 16);
        IsTerminal = isTerminal;
        Text = new StreamWriter(_stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 256, leaveOpen: true)
        {
            AutoFlush = true,
            NewLine = "\n",
        };
    }

    /// <summary>The process's standard output.</summary>
    public static Output Standard() => new(StandardStream.OpenOutput(), isTerminal: !Console.IsOutputRedirected);

    /// <summary>Whether the output is a terminal, which gets tables and colors.</summary>
    public bool IsTerminal { get; }

    /// <summary>For lines of text.</summary>
    public TextWriter Text { get; }

    /// <summary>For raw bytes (a file format sent to standard output).</summary>
    public Stream Bytes => _stream;

    /// <summary>Writes one line of text.</summary>
    public void WriteLine(string line = "") => Text.WriteLine(line);

    /// <summary>Writes a JSON object on its own line; <paramref name="properties"/> writes its properties.</summary>
    public void WriteJson(Action<Utf8JsonWriter> properties) => JsonLine.Write(_stream, properties);

    /// <summary>Flushes the buffer.</summary>
    public void Flush() => _stream.Flush();

    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (Exception e) when (e is IOException or SextantException)
        {
            // Data remaining after an error that is already reported; closing must not report it again.
        }
    }
}
