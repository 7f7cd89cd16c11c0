using System.IO.Hashing;
using Sextant.Index.Graphs;
using Sextant.Index.Memory;
using Sextant.Index.Snapshots;

namespace Sextant.Index;

public sealed unsafe partial class HnswIndex
{
    /// <summary>Writes the index to a file, completely or not at all. Searches continue, changes wait.</summary>
    /// <exception cref="IOException">The file cannot be written; the previous one is unchanged.</exception>
    public void Save(string path) => AtomicFile.Write(path, SaveTo);

    /// <inheritdoc cref="Save"/>
    internal void SaveTo(Stream stream)
    {
        _writing.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Consolidation in the background may never finish in a short-lived process.
            FinishTidying();
            if (_unproven > 0)
                Connect();
            Write(stream);
        }
        finally
        {
            _writing.ExitWriteLock();
        }
    }

    /// <summary>
    /// Opens a file that <see cref="Save"/> wrote. What does not fit into memory easily is not read until it is compared with; the file may
    /// be replaced, but must not be changed in place while the index lives.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is damaged, or is something else.</exception>
    public static HnswIndex Open(string path)
    {
        (SnapshotHeader header, long length) = ReadHeader(path);
        HnswIndex index = new(header.Dimensions, header.Options) { Stamp = header.Stamp };
        try
        {
            index.Load(path, header, length);
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Verifies all checksums of a file that <see cref="Save"/> wrote; <see cref="Open"/> leaves parts of large files unread.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="ct">Cancels the check.</param>
    /// <returns>The problem with the file; <see langword="null"/> if it is intact, missing, or being replaced.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? FindDamage(string path, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            byte[] page = new byte[SnapshotHeader.Page];
            if (stream.ReadAtLeast(page, page.Length, throwOnEndOfStream: false) < page.Length)
                return "it is truncated";
            SnapshotHeader header = SnapshotHeader.FromPage(page);
            using HnswIndex empty = new(header.Dimensions, header.Options);
            long[] sections = header.SectionBytes(empty._engine.RowBytes);
            if (stream.Length != SnapshotHeader.Page + sections.Sum())
                return "its length does not match its header";
            byte[] piece = new byte[1 << 20];
            for (int i = 0; i < sections.Length; i++)
            {
                XxHash3 hash = new();
                for (long left = sections[i]; left > 0; )
                {
                    ct.ThrowIfCancellationRequested();
                    int read = stream.Read(piece, 0, (int)Math.Min(piece.Length, left));
                    if (read == 0)
                        return "it is truncated";
                    hash.Append(piece.AsSpan(0, read));
                    left -= read;
                }

                if (hash.GetCurrentHashAsUInt64() != header.Hashes[i])
                    return Damaged().Message;
            }

            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static (SnapshotHeader Header, long Length) ReadHeader(string path)
    {
        using FileStream stream = File.OpenRead(path);
        byte[] page = new byte[SnapshotHeader.Page];
        if (stream.ReadAtLeast(page, page.Length, throwOnEndOfStream: false) < page.Length)
            throw new InvalidDataException("it is truncated");
        return (SnapshotHeader.FromPage(page), stream.Length);
    }

    private void Write(Stream stream)
    {
        SnapshotHeader header = new()
        {
            Magic = SnapshotHeader.ItsMagic,
            Version =
                _graph.Batches is not null ? SnapshotHeader.VersionWithPacked
                : _graph.Twins.IsEmpty ? SnapshotHeader.VersionWithoutTwins
                : SnapshotHeader.ItsVersion,
            Dimensions = Dimensions,
            M = Options.M,
            EfConstruction = Options.EfConstruction,
            EfSearch = EfSearch,
            Metric = (int)Options.Metric,
            Storage = (int)Options.Storage,
            VectorBytes = Dimensions * sizeof(float),
            Entry = _graph.Entry,
            Seed = Options.Seed,
            Stamp = Stamp,
            Count = _graph.Count,
            UpperCount = _graph.UpperCount,
        };
        _graph.Twins.Store();
        stream.Write(new byte[SnapshotHeader.Page]);
        NativeChunks[] sections = [_graph.Records, _graph.Links, _graph.UpperLinks, _graph.Rows];
        for (int i = 0; i < sections.Length; i++)
        {
            using HashingStream hashing = new(stream);
            sections[i].CopyTo(hashing, i == 2 ? header.UpperCount : header.Count);
            hashing.Fill(SnapshotHeader.Page);
            header.Hashes[i] = hashing.Hash;
        }

        using (HashingStream hashing = new(stream))
        {
            _graph.Vectors.CopyTo(hashing, header.Count);
            hashing.Fill(SnapshotHeader.Page);
            header.Hashes[sections.Length] = hashing.Hash;
        }

        stream.Position = 0;
        stream.Write(header.ToPage());
        stream.Seek(0, SeekOrigin.End);
    }

    private void Load(string path, SnapshotHeader header, long length)
    {
        long[] bytes = header.SectionBytes(_engine.RowBytes);
        if (length != SnapshotHeader.Page + bytes.Sum())
            throw new InvalidDataException("its length does not match its header");
        long walked = length - bytes[^1];
        ulong? hash = _graph.Vectors.Borrow(path, walked, header.Count, bytes[^1]);
        if (length <= SnapshotView.WhollyRead)
            hash ??= HashOf(path, walked);
        if (hash is { } found && found != header.Hashes[SnapshotHeader.Sections - 1])
            throw Damaged();
        (NativeChunks Chunks, int Records)[] sections =
        [
            (_graph.Records, header.Count),
            (_graph.Links, header.Count),
            (_graph.UpperLinks, header.UpperCount),
            (_graph.Rows, header.Count),
        ];
        if (walked <= SnapshotView.WhollyRead)
            ReadSections(path, sections, bytes, header);
        else
            MapSections(path, sections, bytes, header);
        _graph.Count = header.Count;
        _graph.UpperCount = header.UpperCount;
        // The batches are not in the file: searches make those of the nodes that they visit.
        _graph.Batches?.Reserve(header.Count);
        GraphCheck.Require(_graph);
        _graph.SetEntry(header.Entry);
        _nodes.EnsureCapacity(header.Count);
        for (int node = 0; node < header.Count; node++)
        {
            ref NodeRecord record = ref _graph.Record(node);
            if (record.State == NodeState.Hollow)
                continue;
            if (record.State == NodeState.Free)
                _free.Push(node);
            else if (record.State == NodeState.Removed)
                _removed++;
            else if (!_nodes.TryAdd(record.Id, node))
                throw new InvalidDataException("it has a duplicate id");
        }

        _graph.Twins.Load();
    }

    private static void ReadSections(string path, (NativeChunks Chunks, int Records)[] sections, long[] bytes, SnapshotHeader header)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0)
        {
            Position = SnapshotHeader.Page,
        };
        for (int i = 0; i < sections.Length; i++)
        {
            (NativeChunks chunks, int records) = sections[i];
            if (chunks.ReadFrom(stream, records, bytes[i]) != header.Hashes[i])
                throw Damaged();
        }
    }

    private void MapSections(string path, (NativeChunks Chunks, int Records)[] sections, long[] bytes, SnapshotHeader header)
    {
        _snapshot = new(path, SnapshotHeader.Page, bytes[..^1].Sum());
        byte* start = _snapshot.Start;
        for (int i = 0; i < sections.Length; i++)
        {
            bool isRows = i == sections.Length - 1;
            if (!isRows && HashOf(start, bytes[i]) != header.Hashes[i])
                throw Damaged();
            sections[i].Chunks.Borrow(start, sections[i].Records);
            start += bytes[i];
        }
    }

    private static InvalidDataException Damaged() => new("its checksum does not match");

    // Not by way of mapped memory, which would keep all of it resident.
    private static ulong HashOf(string path, long from)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete) { Position = from };
        XxHash3 hash = new();
        hash.Append(stream);
        return hash.GetCurrentHashAsUInt64();
    }

    private static ulong HashOf(byte* start, long bytes)
    {
        XxHash3 hash = new();
        for (long done = 0; done < bytes; done += 1 << 24)
            hash.Append(new ReadOnlySpan<byte>(start + done, (int)Math.Min(1 << 24, bytes - done)));
        return hash.GetCurrentHashAsUInt64();
    }
}
