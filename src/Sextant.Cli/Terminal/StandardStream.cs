using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Sextant.Cli.Terminal;

/// <summary>
/// Standard output or standard error, written by the system call itself. The console's stream ignores a broken pipe, and a
/// <see cref="FileStream"/> keeps its own offset, which overwrites earlier output of "(a; b) > file".
/// </summary>
internal sealed partial class StandardStream : Stream
{
    private const int OutputDescriptor = 1,
        ErrorDescriptor = 2;
    private const int Interrupted = 4,
        TryAgain = 11,
        TryAgainOnMac = 35,
        BadDescriptor = 9,
        BrokenPipe = 32;
    private const int GetDescriptorFlags = 1,
        CloseOnExec = 1;
    private const short CanWriteNow = 4;

    private readonly int _descriptor;
    private readonly string _name;
    private bool _hasFailed;

    private StandardStream(int descriptor, string name) => (_descriptor, _name) = (descriptor, name);

    /// <summary>Standard output.</summary>
    public static Stream OpenOutput() =>
        OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardStream(OutputDescriptor, "standard output");

    /// <summary>Standard error.</summary>
    public static Stream OpenError() =>
        OperatingSystem.IsWindows() ? Console.OpenStandardError() : new StandardStream(ErrorDescriptor, "standard error");

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="BrokenPipeException">The reader has closed its end.</exception>
    /// <exception cref="SextantException">
    /// Nothing can be written. Only the first failure is reported: what comes after it is dropped.
    /// </exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_hasFailed || buffer.IsEmpty)
            return;
        if (!IsInherited())
            throw Fail(BadDescriptor);
        while (!buffer.IsEmpty)
        {
            nint written = WriteTo(_descriptor, in MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error is TryAgain or TryAgainOnMac)
                Wait();
            else if (error != Interrupted)
                throw Fail(error);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // If a program is started with the descriptor closed, the runtime's own files take its number; those are closed on exec, inherited ones
    // are not.
    private bool IsInherited() => FileControl(_descriptor, GetDescriptorFlags) is >= 0 and int flags && (flags & CloseOnExec) == 0;

    private Exception Fail(int error)
    {
        _hasFailed = true;
        if (error == BrokenPipe)
            return new BrokenPipeException(new IOException(new Win32Exception(error).Message));
        return new SextantException(
            error == BadDescriptor
                ? $"{_name} is closed, so the results cannot be written"
                : $"{_name} cannot be written: {new Win32Exception(error).Message}"
        );
    }

    // The other end has made the pipe non-blocking, which a Node.js parent does.
    private void Wait()
    {
        PollRequest request = new() { Descriptor = _descriptor, Events = CanWriteNow };
        _ = Poll(ref request, 1, timeout: 1000);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WriteTo(int descriptor, in byte buffer, nint count);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileControl(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollRequest request, nuint count, int timeout);
}
