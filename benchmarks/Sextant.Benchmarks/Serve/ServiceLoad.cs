using System.Text;
using Sextant.Client;
using Sextant.Models;

namespace Sextant.Benchmarks.Serve;

/// <summary>The same work over HTTP, with prepared requests.</summary>
internal sealed class ServiceLoad : IDisposable
{
    private const int EmbeddingClients = 8;

    private readonly ServedProcess _service;
    private readonly ConnectionPool _connections;
    private readonly SextantClient _client;
    private readonly Work _work;
    private readonly byte[][] _searches;

    private ServiceLoad(ServedProcess service, ConnectionPool connections, Work work)
    {
        (_service, _connections, _work) = (service, connections, work);
        _client = new(service.Address);
        _searches =
        [
            .. work.Texts.Take(20_000).Select(text => Request($"/v1/collections/{Work.Name}/search", new { query = text, k = 10 })),
        ];
    }

    public static async Task<ServiceLoad> OpenAsync(ServedProcess service, Work work) =>
        new(service, await ConnectionPool.OpenAsync(service.Address, Math.Max(EmbeddingClients, work.Clients)), work);

    public Task<LoadResult> SearchAsync(int seconds)
    {
        CollectionClient collection = _client.GetCollection(Work.Name);
        return Work.WhileWritingAsync(
            () => SendAsync(_work.Clients, seconds, _searches),
            batch => collection.AddAsync(batch.Select(text => new NewDocument(text)))
        );
    }

    /// <summary>Asks whether the process responds, which takes only what any request takes.</summary>
    public Task<LoadResult> PingAsync(int seconds) =>
        SendAsync(
            _work.Clients,
            seconds,
            [Encoding.ASCII.GetBytes($"GET /healthz HTTP/1.1\r\nHost: {_service.Address.Authority}\r\n\r\n")]
        );

    /// <param name="seconds">How long.</param>
    /// <param name="format">The value of <c>encoding_format</c>.</param>
    public Task<LoadResult> EmbedAsync(int seconds, string format) =>
        SendAsync(
            EmbeddingClients,
            seconds,
            [
                .. _work.Batches.Select(batch =>
                    Request(
                        "/v1/embeddings",
                        new
                        {
                            model = StaticModelProvider.BuiltInModel,
                            input = batch,
                            encoding_format = format,
                        }
                    )
                ),
            ]
        );

    public void Dispose()
    {
        _client.Dispose();
        _connections.Dispose();
    }

    private Task<LoadResult> SendAsync(int clients, int seconds, byte[][] requests) =>
        Load.RunAsync(
            clients,
            seconds,
            () => _service.Used,
            async (one, i) => await _connections[one].SendAsync(Work.Pick(requests, one, i)) == 200
        );

    private byte[] Request<T>(string path, T body) => RawConnection.Request(_service.Address, path, body);
}
