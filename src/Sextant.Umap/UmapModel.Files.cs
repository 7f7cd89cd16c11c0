using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Sextant.Umap.Neighbors;

namespace Sextant.Umap;

public sealed partial class UmapModel
{
    private const int HashBytes = sizeof(ulong);
    private const int Piece = 1 << 20;

    /// <summary>
    /// Writes the model to a file, completely or not at all, so that <see cref="Transform"/> can place rows in its layout later.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written; the previous one is unchanged.</exception>
    public void Save(string path) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                XxHash3 hash = new();
                var header = UmapFileHeader.Create(Options, Count, _rows);
                Put(MemoryMarshal.AsBytes(new ReadOnlySpan<UmapFileHeader>(in header)));
                PutAll(_embedding);
                PutAll(_rows?.Center ?? []);
                PutAll(_rows?.Values ?? []);
                stream.Write(hash.GetCurrentHash());

                void PutAll(float[] values)
                {
                    for (int at = 0; at < values.Length; at += Piece)
                        Put(MemoryMarshal.AsBytes(values.AsSpan(at, Math.Min(Piece, values.Length - at))));
                }

                void Put(ReadOnlySpan<byte> bytes)
                {
                    stream.Write(bytes);
                    hash.Append(bytes);
                }
            }
        );

    /// <summary>Opens a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InputException">The file is damaged, or is something else.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static UmapModel Load(string path)
    {
        using FileStream stream = File.OpenRead(path);
        XxHash3 hash = new();
        UmapFileHeader header = UmapFileHeader.Default;
        Span<byte> head = MemoryMarshal.AsBytes(new Span<UmapFileHeader>(ref header));
        if (stream.Length < UmapFileHeader.Version1Length + HashBytes)
            throw Damaged("it is truncated");
        Take(head[..UmapFileHeader.Version1Length]);
        if (header.Length > UmapFileHeader.Version1Length)
        {
            if (stream.Length < header.Length + HashBytes)
                throw Damaged("it is truncated");
            Take(head[UmapFileHeader.Version1Length..]);
        }

        if (header.Fault() is { } fault)
            throw Damaged(fault);
        (long layout, long center, long rows) = header.Lengths;
        if (stream.Length != header.Length + (sizeof(float) * (layout + center + rows)) + HashBytes)
            throw Damaged("its length does not match its header");
        float[] embedding = TakeAll(layout),
            subtracted = TakeAll(center),
            values = TakeAll(rows);
        byte[] proof = new byte[HashBytes];
        stream.ReadExactly(proof);
        if (!proof.AsSpan().SequenceEqual(hash.GetCurrentHash()))
            throw Damaged("its checksum does not match");
        PreparedRows? prepared =
            header.Dimensions == 0
                ? null
                : PreparedRows.Restore(header.Options.Metric, header.Count, header.Dimensions, values, subtracted, header.HasZeroFlag != 0);
        return new UmapModel(header.Options, prepared, embedding);

        float[] TakeAll(long length)
        {
            float[] taken = new float[length];
            for (int at = 0; at < taken.Length; at += Piece)
            {
                Span<float> part = taken.AsSpan(at, Math.Min(Piece, taken.Length - at));
                Take(MemoryMarshal.AsBytes(part));
                if (!TensorPrimitives.IsFiniteAll<float>(part))
                    throw Damaged("it contains NaN");
            }

            return taken;
        }

        void Take(Span<byte> bytes)
        {
            stream.ReadExactly(bytes);
            hash.Append(bytes);
        }

        InputException Damaged(string why) => new($"{path}: {why}; fit the model again and save it");
    }
}
