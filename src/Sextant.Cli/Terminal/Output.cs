using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

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
        _stream = new BufferedStream(new PipeAwareStream(stream), 1 << 16);
        IsTerminal = isTerminal;
        Text = new StreamWriter(_stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 256, leaveOpen: true)
        {
            AutoFlush = true,
            NewLine = "\n",
        };
    }

    /// <summary>The process's standard output.</summary>
    public static Output Standard() => new(OpenStandardOutput(), isTerminal: !Console.IsOutputRedirected);

    /// <summary>Whether a person looks at it: tables and colours make sense.</summary>
    public bool IsTerminal { get; }

    /// <summary>For lines of text.</summary>
    public TextWriter Text { get; }

    /// <summary>For raw bytes (a file format sent to standard output).</summary>
    public Stream Bytes => _stream;

    /// <summary>Writes one line of text.</summary>
    public void WriteLine(string line = "") => Text.WriteLine(line);

    /// <summary>Writes one JSON object on a line of its own; <paramref name="properties"/> writes what is inside the braces.</summary>
    public void WriteJson(Action<Utf8JsonWriter> properties) => JsonLine.Write(_stream, properties);

    /// <summary>Sends on what is buffered.</summary>
    public void Flush() => _stream.Flush();

    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // A failed write was reported when it was flushed; closing has nothing to add.
        }
    }

    /// <summary>
    /// The console's own stream swallows a broken pipe and lets a program compute for nobody;
    /// a pipe stream says so, which is how <c>sextant embed … | head</c> ends early.
    /// </summary>
    private static Stream OpenStandardOutput()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            var file = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            // A seekable stream keeps an offset of its own and would overwrite what "(a; b) > file" wrote before.
            if (!file.CanSeek)
                return file;
        }
        return Console.OpenStandardOutput();
    }
}
