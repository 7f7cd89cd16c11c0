using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sextant.Client;

/// <summary>Sends objects as JSON Lines, serialized one by one, so that the body is never completely in memory.</summary>
internal sealed class JsonLinesContent<T> : HttpContent
{
    private readonly IEnumerable<T> _items;

    public JsonLinesContent(IEnumerable<T> items)
    {
        _items = items;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The connection sends what it is given at once, and one packet for each document would be too many.
        BufferedStream buffered = new(stream, 1 << 16);
        foreach (T item in _items)
        {
            await JsonSerializer.SerializeAsync(buffered, item, ServiceCaller.JsonOptions, cancellationToken).ConfigureAwait(false);
            buffered.WriteByte((byte)'\n');
        }

        await buffered.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
