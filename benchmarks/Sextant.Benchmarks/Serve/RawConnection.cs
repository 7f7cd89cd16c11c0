using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Sextant.Benchmarks.Serve;

/// <summary>
/// A connection that only writes prepared requests and reads responses: any work of the client takes CPU time from the service if both
/// share a machine.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[1 << 16];

    /// <summary>The answer to the last request, head and body.</summary>
    public ReadOnlySpan<byte> Answer => _buffer.AsSpan(0, _length);

    private int _length;

    public static byte[] Request<T>(Uri address, string path, T body)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body);
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n"
        );
        return [.. head, .. json];
    }

    public async Task OpenAsync(Uri address) => await _socket.ConnectAsync(address.Host, address.Port);

    /// <summary>Sends a request and reads its answer.</summary>
    /// <returns>The status.</returns>
    public async Task<int> SendAsync(byte[] request)
    {
        await _socket.SendAsync(request);
        _length = 0;
        while (!IsWhole())
        {
            if (_length == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            int read = await _socket.ReceiveAsync(_buffer.AsMemory(_length));
            if (read == 0)
                throw new IOException("the service hung up");
            _length += read;
        }

        return ((Answer[9] - '0') * 100) + ((Answer[10] - '0') * 10) + Answer[11] - '0';
    }

    public void Dispose() => _socket.Dispose();

    // Answers come with their length, or in chunks of which the last is empty.
    private bool IsWhole()
    {
        int end = Answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        ReadOnlySpan<byte> head = Answer[..end];
        int length = head.IndexOf("Content-Length: "u8);
        if (length < 0)
            return Answer.EndsWith("0\r\n\r\n"u8);
        ReadOnlySpan<byte> digits = head[(length + 16)..];
        int line = digits.IndexOf((byte)'\r');
        return _length - end - 4 >= int.Parse(line < 0 ? digits : digits[..line], System.Globalization.CultureInfo.InvariantCulture);
    }
}
