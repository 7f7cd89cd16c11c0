namespace Sextant.Server.Collections;

/// <summary>The cached map of a collection. One request at a time draws it, and only if documents have changed.</summary>
internal sealed class CollectionMapCache
{
    // Drawing uses every core: the maps of several collections are drawn one after another.
    private static readonly SemaphoreSlim Drawing = new(1, 1);

    private volatile Tuple<string, byte[]>? _drawn;

    public async Task<byte[]> GetAsync(string version, Func<Task<byte[]>> draw, CancellationToken cancellationToken)
    {
        if (_drawn is { } known && known.Item1 == version)
            return known.Item2;
        await Drawing.WaitAsync(cancellationToken);
        try
        {
            if (_drawn is { } other && other.Item1 == version)
                return other.Item2;
            byte[] map = await draw();
            _drawn = new(version, map);
            return map;
        }
        finally
        {
            Drawing.Release();
        }
    }
}
