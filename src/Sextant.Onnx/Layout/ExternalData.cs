using System.Text;

namespace Sextant.Onnx.Layout;

/// <summary>
/// Finds the external files with a graph's weights. The graph contains their names, as pairs of the key "location" and a name. They are
/// found by a byte search: the graph may have gigabytes, and parsing its protobuf would need the same amount of memory again.
/// </summary>
internal static class ExternalData
{
    private const int MaxNameLength = 255,
        ChunkSize = 1 << 20;

    // Field 1 (the key) with its length, and the tag of field 2 (the value).
    private static readonly byte[] Key = [0x0A, 8, .. "location"u8, 0x12];

    /// <summary>The full names of the files, each once, in order.</summary>
    /// <exception cref="InputException">A file does not exist, or is outside the graph's folder.</exception>
    public static string[] Find(string graphPath)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        using FileStream graph = File.OpenRead(graphPath);
        byte[] buffer = new byte[ChunkSize];
        int held = 0;
        while (graph.ReadAtLeast(buffer.AsSpan(held), buffer.Length - held, throwOnEndOfStream: false) is var read && read > 0)
        {
            ReadOnlySpan<byte> chunk = buffer.AsSpan(0, held + read);
            Collect(chunk, names);
            // A pair may cross the chunk boundary.
            held = Math.Min(chunk.Length, Key.Length + 2 + MaxNameLength);
            chunk[^held..].CopyTo(buffer);
            if (chunk.Length < buffer.Length)
            {
                break;
            }
        }

        string folder = Path.GetDirectoryName(graphPath)!;
        return [.. names.Select(name => Resolve(folder, name, graphPath))];
    }

    private static void Collect(ReadOnlySpan<byte> chunk, SortedSet<string> names)
    {
        while (chunk.IndexOf(Key) is >= 0 and var at)
        {
            chunk = chunk[(at + Key.Length)..];
            // One length byte is enough: file names are not longer.
            if (chunk.Length > 0 && chunk[0] < 0x80 && chunk.Length > chunk[0])
            {
                names.Add(Encoding.UTF8.GetString(chunk.Slice(1, chunk[0])));
            }
        }
    }

    private static string Resolve(string folder, string name, string graphPath)
    {
        if (Path.IsPathRooted(name) || name.Split('/', '\\').Contains(".."))
        {
            throw new InputException($"{graphPath}: its weights are in '{name}', which is outside the model's folder");
        }

        string path = Path.Combine(folder, name);
        return File.Exists(path)
            ? path
            : throw new InputException($"{graphPath}: its weights are in {name}, which is missing from its folder; download that file too");
    }
}
