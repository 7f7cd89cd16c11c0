using System.Text.Json;

namespace Sextant.Models.Safetensors;

/// <summary>
/// Reads the JSON header of a safetensors file and validates it before any allocation depends on it: every tensor is inside the data, its
/// length matches its shape, and the tensors cover the data without gaps or overlaps. Specification:
/// https://github.com/huggingface/safetensors#format.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The most bytes that a header may have; the limit of the Hugging Face hub.</summary>
    public const int MaxBytes = 25_000_000;

    private readonly string _path;
    private readonly long _dataLength;
    private readonly Dictionary<string, SafetensorsTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private SafetensorsHeader(string path, long dataLength)
    {
        _path = path;
        _dataLength = dataLength;
    }

    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _tensors;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <param name="json">The header without its length.</param>
    /// <param name="dataLength">How many bytes follow the header.</param>
    /// <param name="path">Named in errors.</param>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string path)
    {
        var header = new SafetensorsHeader(path, dataLength);
        try
        {
            header.ReadObject(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // The reader throws InvalidOperationException for a value of another kind than asked, FormatException for a number too large.
            throw new InputException($"{path}: damaged safetensors header ({e.Message})", e);
        }

        header.RequireFullCover();
        return header;
    }

    private void ReadObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            Expect(ref reader, JsonTokenType.StartObject);
            if (name == "__metadata__")
            {
                ReadMetadata(ref reader);
            }
            else if (!_tensors.TryAdd(name, ReadTensor(ref reader, name)))
            {
                throw Damaged($"tensor '{name}' appears twice");
            }
        }

        // Writers pad the header with spaces; the reader rejects anything else after the object.
        while (reader.Read()) { }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String);
            _metadata[key] = reader.GetString()!;
        }
    }

    private SafetensorsTensor ReadTensor(ref Utf8JsonReader reader, string name)
    {
        SafetensorsType? type = null;
        List<long>? shape = null,
            offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "dtype":
                    type = ParseType(reader.GetString()!, name);
                    break;
                case "shape":
                    shape = ReadLongs(ref reader);
                    break;
                case "data_offsets":
                    offsets = ReadLongs(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (type is not { } known || shape is null || offsets is not [long begin, long end])
        {
            throw Damaged($"tensor '{name}' has no dtype, shape or data_offsets");
        }

        if (begin < 0 || end < begin || end > _dataLength)
        {
            throw Damaged($"tensor '{name}' is at bytes {begin} to {end} of {_dataLength}");
        }

        var tensor = new SafetensorsTensor(name, known, shape, begin, end - begin);
        if (ExpectedBytes(known, shape) != tensor.ByteLength)
        {
            throw Damaged($"tensor '{name}' is {tensor} but has {tensor.ByteLength} bytes");
        }

        return tensor;
    }

    /// <summary>The size that a shape asks for, or -1 where it is negative or beyond 64 bits.</summary>
    private static long ExpectedBytes(SafetensorsType type, List<long> shape)
    {
        Int128 bytes = SafetensorsTensor.SizeOf(type);
        foreach (long length in shape)
        {
            bytes *= length;
            if (length < 0 || bytes > long.MaxValue)
            {
                return -1;
            }
        }

        return (long)bytes;
    }

    private SafetensorsType ParseType(string name, string tensor) =>
        // Parsing alone would take numbers and lists as well.
        Enum.TryParse(name, out SafetensorsType type)
        && type.ToString() == name
            ? type
            : throw new InputException($"{_path}: tensor '{tensor}' has the element type {name}, which is not supported");

    private static List<long> ReadLongs(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("expected an array of numbers");
        }

        var values = new List<long>(4);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(reader.GetInt64());
        }

        return values;
    }

    private void RequireFullCover()
    {
        long position = 0;
        foreach (SafetensorsTensor tensor in _tensors.Values.OrderBy(t => t.Offset).ThenBy(t => t.ByteLength))
        {
            if (tensor.Offset != position)
            {
                throw Damaged(
                    tensor.Offset < position
                        ? $"tensor '{tensor.Name}' overlaps the previous one"
                        : $"bytes {position} to {tensor.Offset} belong to no tensor"
                );
            }

            position += tensor.ByteLength;
        }

        if (position != _dataLength)
        {
            throw Damaged($"the tensors take {position} bytes, and {_dataLength} follow the header");
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new JsonException($"expected {type} at byte {reader.TokenStartIndex}");
        }
    }

    private InputException Damaged(string what) => new($"{_path}: damaged safetensors file: {what}");
}
