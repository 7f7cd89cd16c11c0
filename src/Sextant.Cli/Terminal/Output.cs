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
    /// <param name="stream">Receives the bytes.</param>
    /// <param name="width">The columns of a terminal; <see langword="null"/> for a file or a program.</param>
    public Output(Stream stream, int? width = null)
    {
        _stream = new BufferedStream(stream, 1 << 16);
        Width = width;
        Text = new StreamWriter(_stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 256, leaveOpen: true)
        {
            AutoFlush = true,
            NewLine = "\n",
        };
    }

    /// <summary>The process's standard output.</summary>
    public static Output Standard() => new(StandardStream.OpenOutput(), Console.IsOutputRedirected ? null : TerminalWidth.Read());

    /// <summary>The columns of the terminal, which gets tables and wrapped lines; <see langword="null"/> for a file or a program.</summary>
    public int? Width { get; }

    /// <summary>For lines of text.</summary>
    public TextWriter Text { get; }

    /// <summary>For raw bytes (a file format sent to standard output).</summary>
    public Stream Bytes => _stream;

    /// <summary>Writes one line of text.</summary>
    public void WriteLine(string line = "") => Text.WriteLine(line);

    /// <summary>Writes a line that a terminal gets wrapped between words, the later lines indented.</summary>
    public void WriteWrapped(string line, int indent)
    {
        foreach (string part in Width is { } width ? TextWrap.Split(line, width, indent) : [line])
            WriteLine(part);
    }

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
