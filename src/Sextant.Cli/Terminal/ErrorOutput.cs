using System.Text;

namespace Sextant.Cli.Terminal;

/// <summary>Standard error, unbuffered. A failure is recorded instead of thrown, because it could not be reported.</summary>
internal sealed class ErrorOutput : Stream
{
    private readonly Stream _inner = StandardStream.OpenError();

    private ErrorOutput() { }

    /// <summary>Whether anything could not be written.</summary>
    public bool HasFailed { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Makes it what <see cref="Console.Error"/> writes to.</summary>
    public static ErrorOutput Install()
    {
        var error = new ErrorOutput();
        Console.SetError(
            new StreamWriter(error, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" }
        );
        return error;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _inner.Write(buffer);
        }
        catch (Exception e) when (e is IOException or SextantException or UnauthorizedAccessException)
        {
            HasFailed = true;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
