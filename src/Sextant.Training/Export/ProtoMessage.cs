using System.Buffers.Binary;
using System.Text;

namespace Sextant.Training.Export;

/// <summary>
/// Builds a Protocol Buffers message: fields in order, each a tag and a value. Large values are kept by reference and copied only into the
/// file. An ONNX graph needs five kinds of message and no reading, far less than the generated classes of its schema.
/// </summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0,
        LengthDelimited = 2,
        Fixed32 = 5;

    private readonly List<ReadOnlyMemory<byte>> _parts = [];

    /// <summary>The bytes that it takes.</summary>
    public long Length { get; private set; }

    public ProtoMessage Add(int field, long value)
    {
        Append(Tag(field, Varint));
        Append(Encode((ulong)value));
        return this;
    }

    public ProtoMessage Add(int field, float value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Append(Tag(field, Fixed32));
        Append(bytes);
        return this;
    }

    public ProtoMessage Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Add(int field, ReadOnlyMemory<byte> value)
    {
        Append(Tag(field, LengthDelimited));
        Append(Encode((ulong)value.Length));
        Append(value);
        return this;
    }

    /// <summary>Adds a snapshot of a message.</summary>
    public ProtoMessage Add(int field, ProtoMessage value)
    {
        Append(Tag(field, LengthDelimited));
        Append(Encode((ulong)value.Length));
        value._parts.ForEach(Append);
        return this;
    }

    /// <summary>Adds a snapshot of the fields of another message.</summary>
    public void Append(ProtoMessage fields) => fields._parts.ForEach(Append);

    public void WriteTo(Stream stream) => _parts.ForEach(part => stream.Write(part.Span));

    private void Append(ReadOnlyMemory<byte> part)
    {
        _parts.Add(part);
        Length += part.Length;
    }

    private static byte[] Tag(int field, int kind) => Encode(((ulong)field << 3) | (uint)kind);

    private static byte[] Encode(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        int length = 0;
        do
        {
            bytes[length++] = (byte)((value & 0x7F) | (value > 0x7F ? 0x80u : 0));
            value >>= 7;
        } while (value > 0);

        return bytes[..length].ToArray();
    }
}
