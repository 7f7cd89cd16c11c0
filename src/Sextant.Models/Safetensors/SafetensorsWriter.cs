using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Sextant.Models.Safetensors;

/// <summary>
/// Collects tensors and writes them as one safetensors file, all or nothing: the file appears under its name
/// only when its last byte is on the disk. The memory handed in is read when <see cref="Save"/> is called.
/// </summary>
public sealed class SafetensorsWriter
{
    // Eight bytes is the alignment that the format's own writer gives the data.
    private const int Alignment = 8;

    // A span of bytes ends at 2 GB, a span of wider elements does not: tensors are written in blocks.
    private const int BlockElements = 1 << 26;

    private readonly List<(SafetensorsTensor Tensor, Action<Stream> Write)> _tensors = [];
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private long _length;

    /// <summary>Adds a note to the file's <c>__metadata__</c>.</summary>
    public void AddMetadata(string key, string value) => _metadata[key] = value;

    /// <summary>Adds a tensor of floats, stored as <paramref name="type"/>.</summary>
    /// <param name="name">The tensor's key, unique in the file.</param>
    /// <param name="shape">Its lengths, outermost first; their product is the number of values.</param>
    /// <param name="values">The elements, row by row.</param>
    /// <param name="type">F32, F16 or BF16; the narrower ones round to nearest.</param>
    public void Add(string name, long[] shape, ReadOnlyMemory<float> values, SafetensorsType type = SafetensorsType.F32)
    {
        Action<Stream> write = type switch
        {
            SafetensorsType.F32 => stream => WriteSpan(stream, values.Span),
            SafetensorsType.F16 => stream => WriteConverted<Half>(stream, values.Span, TensorPrimitives.ConvertToHalf),
            SafetensorsType.BF16 => stream => WriteConverted<ushort>(stream, values.Span, RoundToBFloat16),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Floats are stored as F32, F16 or BF16."),
        };
        Add(name, type, shape, values.Length, write);
    }

    /// <summary>
    /// Adds a tensor of floats that are made only when they are written, so that not all of a large file need be in memory at once.
    /// </summary>
    /// <param name="name">The tensor's key, unique in the file.</param>
    /// <param name="shape">Its lengths, outermost first.</param>
    /// <param name="values">Gives the elements, row by row, as many as the shape holds; called by <see cref="Save"/>.</param>
    public void Add(string name, long[] shape, Func<ReadOnlyMemory<float>> values)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        int count = checked((int)shape.Aggregate(1L, static (product, length) => checked(product * length)));
        Add(
            name,
            SafetensorsType.F32,
            shape,
            count,
            stream =>
            {
                ReadOnlyMemory<float> made = values();
                ArgumentOutOfRangeException.ThrowIfNotEqual(made.Length, count, nameof(values));
                WriteSpan(stream, made.Span);
            }
        );
    }

    /// <summary>Adds an I8 tensor.</summary>
    /// <inheritdoc cref="Add(string, long[], ReadOnlyMemory{float}, SafetensorsType)" />
    public void Add(string name, long[] shape, ReadOnlyMemory<sbyte> values) =>
        Add(name, SafetensorsType.I8, shape, values.Length, stream => WriteSpan(stream, values.Span));

    /// <summary>Adds an I64 tensor.</summary>
    /// <inheritdoc cref="Add(string, long[], ReadOnlyMemory{float}, SafetensorsType)" />
    public void Add(string name, long[] shape, ReadOnlyMemory<long> values) =>
        Add(name, SafetensorsType.I64, shape, values.Length, stream => WriteSpan(stream, values.Span));

    /// <summary>Writes the file and replaces an existing one.</summary>
    public void Save(string path) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                byte[] header = BuildHeader();
                Span<byte> prefix = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
                stream.Write(prefix);
                stream.Write(header);
                foreach ((_, Action<Stream> write) in _tensors)
                {
                    write(stream);
                }
            }
        );

    private void Add(string name, SafetensorsType type, long[] shape, int count, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (name == "__metadata__" || _tensors.Exists(t => t.Tensor.Name == name))
        {
            throw new ArgumentException($"The name '{name}' is already used.", nameof(name));
        }

        if (shape.Any(static length => length < 0) || shape.Aggregate(1L, static (product, length) => checked(product * length)) != count)
        {
            throw new ArgumentException($"A shape of [{string.Join(", ", shape)}] does not match {count} values.", nameof(shape));
        }

        long bytes = (long)count * SafetensorsTensor.SizeOf(type);
        _tensors.Add((new SafetensorsTensor(name, type, [.. shape], _length, bytes), write));
        _length += bytes;
    }

    private byte[] BuildHeader()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (_metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in _metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            foreach ((SafetensorsTensor tensor, _) in _tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                json.WriteStartArray("shape");
                foreach (long length in tensor.Shape)
                {
                    json.WriteNumberValue(length);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(tensor.Offset);
                json.WriteNumberValue(tensor.Offset + tensor.ByteLength);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        int padding = (int)(-(buffer.Length + sizeof(ulong)) & (Alignment - 1));
        buffer.Write(Encoding.ASCII.GetBytes(new string(' ', padding)));
        return buffer.ToArray();
    }

    private delegate void Convert<T>(ReadOnlySpan<float> source, Span<T> destination);

    private static void WriteConverted<T>(Stream stream, ReadOnlySpan<float> values, Convert<T> convert)
        where T : unmanaged
    {
        T[] block = new T[Math.Min(values.Length, 1 << 16)];
        for (; !values.IsEmpty; values = values[Math.Min(block.Length, values.Length)..])
        {
            int count = Math.Min(block.Length, values.Length);
            convert(values[..count], block);
            WriteSpan<T>(stream, block.AsSpan(0, count));
        }
    }

    private static void WriteSpan<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        while (!values.IsEmpty)
        {
            ReadOnlySpan<T> block = values[..Math.Min(BlockElements, values.Length)];
            stream.Write(MemoryMarshal.AsBytes(block));
            values = values[block.Length..];
        }
    }

    private static void RoundToBFloat16(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(source[i]);
            // To nearest, ties to even; a NaN keeps its sign and stays a NaN, which rounding could carry into an infinity.
            destination[i] = float.IsNaN(source[i]) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }
}
