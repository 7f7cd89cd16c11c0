namespace Sextant.NuGetModels.Layouts;

/// <summary>
/// Whether a file has the outer shape of an ONNX graph: protobuf fields of <c>ModelProto</c> from its first byte to its last, one of them
/// the graph. Reads a few bytes of each field, however large the file is.
/// </summary>
internal static class GraphShape
{
    // Those of ModelProto: ir_version 1, producer 2 and 3, domain 4, model_version 5, doc_string 6, graph 7, opset_import 8, metadata_props
    // 14 …
    private const int MaxField = 32,
        GraphField = 7;
    private const int Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5;

    /// <exception cref="InputException">It is not such a file.</exception>
    public static void Check(string path, string place)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096);
        if (!IsModel(file))
        {
            throw new InputException($"{place} is not an ONNX graph; the package was not unpacked");
        }
    }

    private static bool IsModel(FileStream file)
    {
        bool graph = false;
        while (file.Position < file.Length)
        {
            if (ReadVarint(file) is not { } tag || tag >> 3 is 0 or > MaxField)
            {
                return false;
            }

            ulong? skip = (tag & 7) switch
            {
                Varint => ReadVarint(file) is null ? null : 0,
                Fixed64 => 8,
                Bytes => ReadVarint(file),
                Fixed32 => 4,
                _ => null,
            };
            if (skip is not { } bytes || bytes > (ulong)(file.Length - file.Position))
            {
                return false;
            }

            graph |= tag == ((GraphField << 3) | Bytes) && bytes > 0;
            file.Seek((long)bytes, SeekOrigin.Current);
        }

        return graph;
    }

    private static ulong? ReadVarint(FileStream file)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = file.ReadByte();
            if (next < 0)
            {
                return null;
            }

            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        return null;
    }
}
