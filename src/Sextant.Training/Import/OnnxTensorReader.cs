using System.Runtime.InteropServices;
using System.Text;

namespace Sextant.Training.Import;

/// <summary>
/// Reads the tensors of an ONNX file: their values are in the file itself, as slices of it, or in other files of its folder.
/// </summary>
/// <param name="path">The file, for messages and to find its folder.</param>
/// <param name="file">What it holds.</param>
internal sealed class OnnxTensorReader(string path, ReadOnlyMemory<byte> file)
{
    private const int MaxRank = 8;

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _externalFiles = new(StringComparer.Ordinal);

    /// <exception cref="InputException">It is larger than 2 GB.</exception>
    public static byte[] ReadWhole(string path)
    {
        LfsPointer.Refuse(path);
        long length = new FileInfo(path).Length;
        return length <= Array.MaxLength
            ? File.ReadAllBytes(path)
            : throw new InputException($"{path}: {length} bytes exceed the limit of 2 GB for a graph or its weights in one file");
    }

    /// <exception cref="FormatException">Its data do not fit its shape.</exception>
    public (string Name, OnnxTensor Tensor) Read(ReadOnlySpan<byte> message)
    {
        string name = "";
        OnnxType type = OnnxType.Undefined;
        var shape = new List<long>();
        var integers = new List<long>();
        ReadOnlyMemory<byte> raw = default;
        var floats = new List<float>();
        Dictionary<string, string>? external = null;
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.AddIntegers(shape);
                    break;
                case 2:
                    type = (OnnxType)(int)reader.Number;
                    break;
                case 4 when reader.Bytes.IsEmpty:
                    floats.Add(BitConverter.UInt32BitsToSingle((uint)reader.Number));
                    break;
                case 4 or 9 or 10:
                    // Packed floats and doubles have the same layout as raw data.
                    raw = Slice(reader.Bytes);
                    break;
                case 5 or 7:
                    reader.AddIntegers(integers);
                    break;
                case 8:
                    name = Text(reader.Bytes);
                    break;
                case 13:
                    (string key, string value) = ReadEntry(reader.Bytes);
                    (external ??= new(StringComparer.Ordinal))[key] = value;
                    break;
                default:
                    break;
            }
        }

        ReadOnlyMemory<byte> data =
            external is not null ? ReadExternal(name, external)
            : integers.Count > 0 ? Pack(type, integers)
            : floats.Count > 0 ? MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(floats)).ToArray()
            : raw;
        return (name, Check(name, new OnnxTensor(type, [.. shape], data)));
    }

    private static OnnxTensor Check(string name, OnnxTensor tensor)
    {
        int size = OnnxTensor.SizeOf(tensor.Type);
        if (size == 0)
        {
            // Strings, complex numbers and the like: nothing that is read here needs their values.
            return tensor with { Shape = [0], Data = default, Type = OnnxType.Bool };
        }

        UInt128 bytes = (UInt128)size;
        foreach (long length in tensor.Shape)
        {
            bytes =
                length < 0 || tensor.Shape.Length > MaxRank ? UInt128.MaxValue / 2
                : bytes > long.MaxValue ? bytes
                : bytes * (ulong)length;
        }

        return bytes == (UInt128)tensor.Data.Length
            ? tensor
            : throw new FormatException(
                $"its tensor '{name}' of shape [{string.Join(", ", tensor.Shape.Take(MaxRank))}] has {tensor.Data.Length} bytes of data"
            );
    }

    private static byte[] Pack(OnnxType type, List<long> integers)
    {
        ReadOnlySpan<long> values = CollectionsMarshal.AsSpan(integers);
        switch (OnnxTensor.SizeOf(type))
        {
            case 8:
                return MemoryMarshal.AsBytes(values).ToArray();
            case 4:
                return MemoryMarshal.AsBytes(integers.ConvertAll(static value => (int)value).ToArray().AsSpan()).ToArray();
            case 2:
                return MemoryMarshal.AsBytes(integers.ConvertAll(static value => (ushort)value).ToArray().AsSpan()).ToArray();
            default:
                return [.. integers.ConvertAll(static value => (byte)value)];
        }
    }

    private ReadOnlyMemory<byte> ReadExternal(string tensor, Dictionary<string, string> entries)
    {
        string location = entries.GetValueOrDefault("location", "");
        if (location.Length == 0 || Path.IsPathRooted(location) || location.Split('/', '\\').Contains(".."))
        {
            throw new InputException($"{path}: the values of '{tensor}' are in '{location}', which is outside the model's folder");
        }

        if (!_externalFiles.TryGetValue(location, out ReadOnlyMemory<byte> outside))
        {
            string full = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, location);
            _externalFiles.Add(
                location,
                outside = File.Exists(full)
                    ? ReadWhole(full)
                    : throw new InputException(
                        $"{path}: its weights are in {location}, which is missing from its folder; download that file too"
                    )
            );
        }

        long offset = Integer("offset", 0),
            length = Integer("length", outside.Length - offset);
        return offset >= 0 && length >= 0 && offset <= outside.Length && length <= outside.Length - offset
            ? outside.Slice((int)offset, (int)length)
            : throw new FormatException($"its tensor '{tensor}' is at byte {offset} of {location}, which has {outside.Length}");

        long Integer(string key, long byDefault) =>
            !entries.TryGetValue(key, out string? text) ? byDefault
            : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long value)
                ? value
            : throw new FormatException($"the {key} of its tensor '{tensor}' is not a number");
    }

    private static (string Key, string Value) ReadEntry(ReadOnlySpan<byte> message)
    {
        string key = "",
            value = "";
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            (key, value) = reader.Field switch
            {
                1 => (Text(reader.Bytes), value),
                2 => (key, Text(reader.Bytes)),
                _ => (key, value),
            };
        }

        return (key, value);
    }

    private ReadOnlyMemory<byte> Slice(ReadOnlySpan<byte> part) =>
        part.IsEmpty ? default
        : file.Span.Overlaps(part, out int offset) ? file.Slice(offset, part.Length)
        : part.ToArray();

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
