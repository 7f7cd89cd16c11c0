using System.Globalization;

namespace Sextant.Server.Collections;

/// <summary>
/// A collection that is open, and who uses it. Opened by the first request that needs it, closed when it is deleted or the service
/// stops; neither happens while a request is using it.
/// </summary>
internal sealed class OpenCollection(string name, Func<Task<SemanticSearchEngine>> open) : IAsyncDisposable
{
    private static long Incarnations;

    private readonly Lazy<Task<SemanticSearchEngine>> _engine = new(open);
    private readonly TaskCompletionSource _unused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _users;
    private bool _closing;
    private long _writes;

    public string Name => name;

    /// <summary>A unique number: a collection that is deleted and created again under the same name gets a new one.</summary>
    public long Incarnation { get; } = Interlocked.Increment(ref Incarnations);

    public Task<SemanticSearchEngine> EngineAsync() => _engine.Value;

    /// <summary>The engine, if it is open at this moment.</summary>
    public SemanticSearchEngine? Engine => _engine.IsValueCreated && _engine.Value.IsCompletedSuccessfully ? _engine.Value.Result : null;

    /// <summary>Its map, drawn once for each state of the documents.</summary>
    public CollectionMapCache Map { get; } = new();

    /// <summary>Whether the engine could not be opened.</summary>
    public bool Failed => _engine.IsValueCreated && (_engine.Value.IsFaulted || _engine.Value.IsCanceled);

    /// <summary>Notes that the documents have changed.</summary>
    public void Changed() => Interlocked.Increment(ref _writes);

    /// <summary>Names the state of the documents, as far as it can change through this service or in number.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        SemanticSearchEngine engine = await EngineAsync();
        if (await engine.Store.GetVersionAsync(cancellationToken) is { } state)
            return state;
        long writes = Interlocked.Read(ref _writes),
            count = await engine.CountAsync(cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{writes}-{count}");
    }

    /// <summary>Begins to use it; <see langword="false"/> when it is being closed.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_closing)
                return false;
            _users++;
            return true;
        }
    }

    /// <summary>Lets one who uses it use it once more, even while it is being closed.</summary>
    public void EnterAgain()
    {
        lock (_lock)
            _users++;
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_users == 0 && _closing)
                _unused.TrySetResult();
        }
    }

    /// <summary>Rejects new requests, waits for running ones, and closes the engine.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _closing = true;
            if (_users == 0)
                _unused.TrySetResult();
        }

        await _unused.Task;
        if (Engine is { } engine)
            await engine.DisposeAsync();
    }
}
