using System.Globalization;
using System.Net;

namespace Sextant.Models.Hub;

/// <summary>
/// Downloads one file of a repository into the cache: resumes an earlier download, and gives the blob its name only when all bytes have
/// arrived and the hash is correct.
/// </summary>
internal sealed class BlobDownload(HubHttp http, HubCache cache, HubRetry retry)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>Downloads the missing part of the blob. Waits for a concurrent download of it.</summary>
    public async Task FetchAsync(
        HubModelName model,
        string commit,
        string file,
        HubFileMetadata metadata,
        Action<long> arrived,
        CancellationToken cancellationToken
    )
    {
        string blob = cache.BlobPath(model.Repository, metadata.Hash);
        using IDisposable held = await FileLock
            .TakeAsync(cache.LockPath(model.Repository, metadata.Hash), cancellationToken)
            .ConfigureAwait(false);
        if (File.Exists(blob) && new FileInfo(blob).Length == metadata.Size)
        {
            return;
        }

        string partial = blob + ".incomplete";
        Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
        bool resumed = File.Exists(partial) && new FileInfo(partial).Length > 0;
        await retry
            .RunAsync(
                () => ContinueAsync(model, commit, file, metadata, partial, arrived, cancellationToken),
                () => File.Exists(partial) ? new FileInfo(partial).Length : 0,
                cancellationToken
            )
            .ConfigureAwait(false);
        if (!await IsRightAsync(partial, metadata, cancellationToken).ConfigureAwait(false) && resumed)
        {
            // What an earlier run left may be the culprit: once more, from the first byte.
            File.Delete(partial);
            await retry
                .RunAsync(
                    () => ContinueAsync(model, commit, file, metadata, partial, arrived, cancellationToken),
                    () => File.Exists(partial) ? new FileInfo(partial).Length : 0,
                    cancellationToken
                )
                .ConfigureAwait(false);
            await IsRightAsync(partial, metadata, cancellationToken).ConfigureAwait(false);
        }

        if (!File.Exists(partial))
        {
            throw new SextantException(
                $"{model.Name}: {file} does not match the hub's hash (expected {metadata.Hash[..12]}…); "
                    + "it was deleted. Run it again; if it fails again, check for a proxy that changes downloads"
            );
        }

        File.Move(partial, blob, overwrite: true);
    }

    private async Task ContinueAsync(
        HubModelName model,
        string commit,
        string file,
        HubFileMetadata metadata,
        string partial,
        Action<long> arrived,
        CancellationToken cancellationToken
    )
    {
        using var stream = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        if (stream.Length > metadata.Size)
        {
            stream.SetLength(0);
        }

        if (stream.Length == metadata.Size)
        {
            return;
        }

        using HttpResponseMessage response = await http.OpenAsync(model, commit, file, stream.Length, cancellationToken)
            .ConfigureAwait(false);
        bool goesOn =
            response.StatusCode == HttpStatusCode.PartialContent
            && response.Content.Headers.ContentRange is { From: { } from }
            && from == stream.Length;
        if (response.StatusCode is HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable && !goesOn)
        {
            stream.SetLength(0);
            throw new HubTransientException($"{model.Name}: the server of {file} cannot resume the download; run it again");
        }

        if (!goesOn)
        {
            stream.SetLength(0);
        }

        stream.Seek(0, SeekOrigin.End);
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        arrived(stream.Length);
        for (int read; (read = await http.ReadAsync(body, buffer, model, cancellationToken).ConfigureAwait(false)) > 0; )
        {
            if (stream.Length + read > metadata.Size)
            {
                stream.SetLength(0);
                throw new SextantException($"{model.Name}: the server sent more of {file} than the declared {metadata.Size} bytes");
            }

            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            arrived(stream.Length);
        }

        if (stream.Length < metadata.Size)
        {
            throw new HubTransientException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{model.Name}: {file} stopped after {stream.Length:N0} of {metadata.Size:N0} bytes; run it again to " + $"resume"
                )
            );
        }

        stream.Flush(flushToDisk: true);
    }

    // A file with a wrong hash is useless, and is deleted.
    private static async Task<bool> IsRightAsync(string partial, HubFileMetadata metadata, CancellationToken cancellationToken)
    {
        using (var hash = new BlobHash(metadata.Hash, metadata.Size))
        {
            using FileStream stream = File.OpenRead(partial);
            byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0; )
            {
                hash.Append(buffer.AsSpan(0, read));
            }

            if (hash.Finish() == metadata.Hash)
            {
                return true;
            }
        }

        File.Delete(partial);
        return false;
    }
}
