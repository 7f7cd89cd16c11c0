using System.Runtime.InteropServices;
using System.Text;

namespace Sextant.Training.Import;

/// <summary>
/// Reads an ONNX file: nodes, constants, inputs and outputs. Field numbers are those of onnx.proto (ONNX, Apache-2.0,
/// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). The file is in memory once; tensors are slices of it.
/// </summary>
internal sealed class OnnxModelReader
{
    /// <summary>Far above any encoder's graph; a file with more is damaged.</summary>
    private const int MaxNodes = 200_000;

    private const int MaxRank = 8;

    private readonly string _path;
    private readonly ReadOnlyMemory<byte> _file;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _externalFiles = new(StringComparer.Ordinal);
    private readonly OnnxModel _model;

    private OnnxModelReader(string path)
    {
        _path = path;
        _file = ReadWhole(path);
        _model = new OnnxModel(path);
    }

    /// <exception cref="InputException">It is damaged, or no ONNX graph.</exception>
    public static OnnxModel Read(string path)
    {
        var reader = new OnnxModelReader(path);
        try
        {
            reader.ReadModel();
        }
        catch (FormatException e)
        {
            throw new InputException($"{path}: not an ONNX graph: {e.Message}", e);
        }

        return reader._model.Nodes.Count > 0 ? reader._model : throw new InputException($"{path}: not an ONNX graph: it has no nodes");
    }

    private static byte[] ReadWhole(string path)
    {
        LfsPointer.Refuse(path);
        long length = new FileInfo(path).Length;
        return length <= Array.MaxLength
            ? File.ReadAllBytes(path)
            : throw new InputException($"{path}: {length} bytes exceed the limit of 2 GB for a graph or its weights in one file");
    }

    private void ReadModel()
    {
        var reader = new ProtobufReader(_file.Span);
        while (reader.Read())
        {
            if (reader.Field == 7)
            {
                ReadGraph(reader.Bytes);
            }
        }
    }

    private void ReadGraph(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    _model.Nodes.Add(
                        _model.Nodes.Count < MaxNodes
                            ? ReadNode(reader.Bytes)
                            : throw new FormatException($"it has more than {MaxNodes} nodes")
                    );
                    break;
                case 5:
                    (string name, OnnxTensor tensor) = ReadTensor(reader.Bytes);
                    _model.Constants[name] = tensor;
                    break;
                case 11:
                    _model.Inputs.Add(ReadName(reader.Bytes));
                    break;
                case 12:
                    _model.Outputs.Add(ReadName(reader.Bytes));
                    break;
                default:
                    break;
            }
        }
    }

    private OnnxNode ReadNode(ReadOnlySpan<byte> message)
    {
        var node = new OnnxNode();
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    node.Inputs.Add(Text(reader.Bytes));
                    break;
                case 2:
                    node.Outputs.Add(Text(reader.Bytes));
                    break;
                case 3:
                    node.Name = Text(reader.Bytes);
                    break;
                case 4:
                    node.Type = Text(reader.Bytes);
                    break;
                case 5:
                    (string name, OnnxAttribute attribute) = ReadAttribute(reader.Bytes);
                    node.Attributes[name] = attribute;
                    break;
                case 7:
                    node.Domain = Text(reader.Bytes);
                    break;
                default:
                    break;
            }
        }

        return node;
    }

    private (string Name, OnnxAttribute Attribute) ReadAttribute(ReadOnlySpan<byte> message)
    {
        string name = "",
            text = "";
        float number = 0;
        long whole = 0;
        var wholes = new List<long>();
        OnnxTensor? tensor = null;
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    name = Text(reader.Bytes);
                    break;
                case 2:
                    number = BitConverter.UInt32BitsToSingle((uint)reader.Number);
                    break;
                case 3:
                    whole = (long)reader.Number;
                    break;
                case 4:
                    text = Text(reader.Bytes);
                    break;
                case 5:
                    tensor = ReadTensor(reader.Bytes).Tensor;
                    break;
                case 8:
                    reader.AddIntegers(wholes);
                    break;
                default:
                    break;
            }
        }

        return (
            name,
            new OnnxAttribute
            {
                Number = number,
                Whole = whole,
                Text = text,
                Wholes = wholes,
                Tensor = tensor,
            }
        );
    }

    private (string Name, OnnxTensor Tensor) ReadTensor(ReadOnlySpan<byte> message)
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
            throw new InputException(
                $"{_path}: the values of '{tensor}' are said to be in '{location}', which is outside the model's folder"
            );
        }

        if (!_externalFiles.TryGetValue(location, out ReadOnlyMemory<byte> file))
        {
            string full = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_path))!, location);
            _externalFiles.Add(
                location,
                file = File.Exists(full)
                    ? ReadWhole(full)
                    : throw new InputException(
                        $"{_path}: its weights are in {location}, which is missing from its folder; download that file too"
                    )
            );
        }

        long offset = Integer("offset", 0),
            length = Integer("length", file.Length - offset);
        return offset >= 0 && length >= 0 && offset <= file.Length && length <= file.Length - offset
            ? file.Slice((int)offset, (int)length)
            : throw new FormatException($"its tensor '{tensor}' is at byte {offset} of {location}, which has {file.Length}");

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

    private static string ReadName(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field == 1)
            {
                return Text(reader.Bytes);
            }
        }

        return "";
    }

    private ReadOnlyMemory<byte> Slice(ReadOnlySpan<byte> part) =>
        part.IsEmpty ? default
        : _file.Span.Overlaps(part, out int offset) ? _file.Slice(offset, part.Length)
        : part.ToArray();

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
