using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sextant.Server.Tests.Http;

/// <summary>A request byte by byte, for what no client of good manners would send.</summary>
internal sealed class RawRequest : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawRequest(TcpClient client) => (_client, _stream) = (client, client.GetStream());

    public static async Task<RawRequest> SendAsync(Uri service, string begin)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, service.Port);
        RawRequest request = new(client);
        await request.WriteAsync(Encoding.ASCII.GetBytes(begin));
        return request;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes);

    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>What has come by now, once there is something.</summary>
    public async Task<string> ReadAsync()
    {
        byte[] buffer = new byte[1 << 16];
        return Encoding.UTF8.GetString(buffer, 0, await _stream.ReadAsync(buffer));
    }

    /// <summary>All that comes until the service hangs up; nothing when it does so rudely, which is an answer to half a request.</summary>
    public async Task<string> ReadToEndAsync()
    {
        try
        {
            using StreamReader reader = new(_stream);
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            return "";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }
}
