using System.Text.Json;

namespace Sextant.Hosted.Http;

/// <summary>
/// Reads an answer to its end before handing it on, so that one which breaks off half-way is a failure of this attempt and is tried again.
/// Stands next to the network.
/// </summary>
internal sealed class WholeAnswerHandler(RateGate gate) : DelegatingHandler
{
    /// <summary>2,048 vectors of 4,096 numbers, written out as text, and as much again.</summary>
    private const long MaxBytes = 256 << 20;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await gate.WaitForPauseAsync(cancellationToken).ConfigureAwait(false);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                RequireWhole(body);
            }

            gate.Observe(response.Headers);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static void RequireWhole(ReadOnlySpan<byte> body)
    {
        if (body.TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'<', ..])
        {
            throw new HttpRequestException("the response is a web page", new InvalidDataException());
        }

        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read()) { }
        }
        catch (JsonException e)
        {
            throw new HttpRequestException("the response is incomplete or not JSON", e);
        }
    }
}
