using System.IO.MemoryMappedFiles;

namespace Sextant.Benchmarks.Faults;

/// <summary>Where a process is in its seeds, in a file that outlives the process, so that a crash or a hang is known by its seed.</summary>
internal sealed class FaultProgress : IDisposable
{
    private const int Bytes = 3 * sizeof(long);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public FaultProgress(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, Bytes);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>How many inputs were begun.</summary>
    public long Begun
    {
        get => _view.ReadInt64(0);
        set => _view.Write(0, value);
    }

    /// <summary>How many led to the right answer.</summary>
    public long Sound
    {
        get => _view.ReadInt64(sizeof(long));
        set => _view.Write(sizeof(long), value);
    }

    /// <summary>How many were rejected with a clear error.</summary>
    public long Refused
    {
        get => _view.ReadInt64(2 * sizeof(long));
        set => _view.Write(2 * sizeof(long), value);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
