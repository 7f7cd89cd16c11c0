namespace Sextant.Benchmarks.Serve;

/// <summary>A connection for each client.</summary>
internal sealed class ConnectionPool : IDisposable
{
    private readonly RawConnection[] _all;

    private ConnectionPool(RawConnection[] all) => _all = all;

    public RawConnection this[int client] => _all[client];

    public static async Task<ConnectionPool> OpenAsync(Uri address, int count)
    {
        RawConnection[] all = [.. Enumerable.Range(0, count).Select(_ => new RawConnection())];
        foreach (RawConnection one in all)
            await one.OpenAsync(address);
        return new(all);
    }

    public void Dispose()
    {
        foreach (RawConnection one in _all)
            one.Dispose();
    }
}
