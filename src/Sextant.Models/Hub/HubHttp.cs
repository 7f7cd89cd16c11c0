using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Sextant.Models.Hub;

/// <summary>The hub's metadata of a file before its download.</summary>
/// <param name="Commit">The commit that the file was read at.</param>
/// <param name="Hash">SHA-256 (64 digits) of a large file, git's SHA-1 (40 digits) of a small one; names its blob.</param>
/// <param name="Size">Its length in bytes.</param>
internal sealed record HubFileMetadata(string Commit, string Hash, long Size);

/// <summary>Speaks the hub's protocol. Redirects are followed by hand, because the token belongs to one host only.</summary>
internal sealed class HubHttp(HubSettings settings) : IDisposable
{
    private const int MaxRedirects = 8,
        MaxListingBytes = 32 << 20;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = settings.Patience,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "User-Agent", "sextant/0.1" }, { "Accept-Encoding", "identity" } },
    };

    /// <summary>The files of the repository at the model's revision.</summary>
    public async Task<HubListing> ListAsync(HubModelName model, CancellationToken cancellationToken)
    {
        Uri address = Address($"api/{settings.Kind}/{model.Repository}/revision/{Uri.EscapeDataString(model.Revision)}?blobs=true");
        using HttpResponseMessage response = await SendAsync(
                () => new HttpRequestMessage(HttpMethod.Get, address),
                model,
                null,
                static _ => true,
                cancellationToken
            )
            .ConfigureAwait(false);
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var json = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = await ReadAsync(body, buffer, model, cancellationToken).ConfigureAwait(false)) > 0; )
        {
            json.Write(buffer, 0, read);
            if (json.Length > MaxListingBytes)
            {
                throw new SextantException($"{model.Name}: its list of files is longer than {MaxListingBytes >> 20} MiB");
            }
        }

        return HubListing.Parse(json.ToArray(), model.Name);
    }

    /// <summary>The hash and size of a file.</summary>
    public async Task<HubFileMetadata> InspectAsync(HubModelName model, string commit, string file, CancellationToken cancellationToken)
    {
        // Only what stays on the host is followed: the answer that points elsewhere is the one with the facts.
        using HttpResponseMessage response = await SendAsync(
                () => new HttpRequestMessage(HttpMethod.Head, FileAddress(model, commit, file)),
                model,
                file,
                IsOurs,
                cancellationToken
            )
            .ConfigureAwait(false);
        bool redirected = (int)response.StatusCode is >= 300 and < 400;
        string? hash = (HubError.Header(response, "X-Linked-Etag") ?? HubError.Header(response, "ETag"))
            ?.Replace("W/", "", StringComparison.Ordinal)
            .Trim('"');
        long? size =
            long.TryParse(HubError.Header(response, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out long linked)
                ? linked
            : redirected ? null
            : response.Content.Headers.ContentLength;
        if (hash is not { Length: 40 or 64 } || !hash.All(char.IsAsciiHexDigitLower) || size is null)
        {
            throw new SextantException(
                $"{model.Name}: {settings.Endpoint.Host} reports no checksum and size for {file}, "
                    + "so it cannot be verified; check HF_ENDPOINT"
            );
        }

        return new HubFileMetadata(HubError.Header(response, "X-Repo-Commit") ?? commit, hash, size.Value);
    }

    /// <summary>
    /// Asks for the bytes of a file from <paramref name="offset"/> on; the answer may begin at 0 all the same (200, not 206).
    /// </summary>
    public Task<HttpResponseMessage> OpenAsync(
        HubModelName model,
        string commit,
        string file,
        long offset,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            () =>
                new HttpRequestMessage(HttpMethod.Get, FileAddress(model, commit, file))
                {
                    Headers = { Range = offset > 0 ? new RangeHeaderValue(offset, null) : null },
                },
            model,
            file,
            static _ => true,
            cancellationToken
        );

    /// <summary>Reads some bytes; when nothing comes for too long, that is a failure worth a new request.</summary>
    public async Task<int> ReadAsync(Stream body, Memory<byte> buffer, HubModelName model, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(settings.Patience);
        try
        {
            return await body.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(model, e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new HubTransientException($"{model.Name}: the connection was lost ({e.Message}); run it again to resume", cause: e);
        }
    }

    public void Dispose() => _http.Dispose();

    private Uri FileAddress(HubModelName model, string commit, string file) =>
        Address(
            $"{(settings.DataSets ? "datasets/" : "")}{model.Repository}/resolve/{commit}/"
                + $"{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}"
        );

    private Uri Address(string path) => new(settings.Endpoint, path);

    private bool IsOurs(Uri address) =>
        Uri.Compare(address, settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase)
        == 0;

    private async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> create,
        HubModelName model,
        string? file,
        Func<Uri, bool> follow,
        CancellationToken cancellationToken
    )
    {
        Uri? next = null;
        for (int hop = 0; hop <= MaxRedirects; hop++)
        {
            using HttpRequestMessage request = create();
            request.RequestUri = next ?? request.RequestUri!;
            if (settings.Token is { } token && IsOurs(request.RequestUri))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            HttpResponseMessage response = await SendOnceAsync(request, model, cancellationToken).ConfigureAwait(false);
            int status = (int)response.StatusCode;
            if (status is >= 300 and < 400 && status != (int)HttpStatusCode.NotModified && response.Headers.Location is { } location)
            {
                next = new Uri(request.RequestUri, location);
                if (!follow(next))
                {
                    return response;
                }

                response.Dispose();
                if (
                    next.Scheme != Uri.UriSchemeHttps
                    && (next.Scheme != Uri.UriSchemeHttp || request.RequestUri.Scheme == Uri.UriSchemeHttps)
                )
                {
                    throw new SextantException(
                        $"{model.Name}: {request.RequestUri.Host} redirects to an unencrypted address; use an https endpoint"
                    );
                }

                continue;
            }

            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return response;
            }

            using (response)
            {
                throw HubError.Describe(response, model, settings, file);
            }
        }

        throw new SextantException($"{model.Name}: {settings.Endpoint.Host} redirects too many times");
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpRequestMessage request,
        HubModelName model,
        CancellationToken cancellationToken
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(settings.Patience);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(model, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new HubTransientException(
                $"{model.Name}: cannot reach {request.RequestUri!.Authority} ({e.Message}); check the network, "
                    + "or HF_ENDPOINT if you use a mirror",
                cause: e
            );
        }
    }

    private HubTransientException Silent(HubModelName model, Exception cause) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{model.Name}: no data for {settings.Patience.TotalSeconds:0.#} s; run it again (the partial download is kept), "
                    + $"or set HF_HUB_DOWNLOAD_TIMEOUT to more seconds"
            ),
            cause: cause
        );
}
