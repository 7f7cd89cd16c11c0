using System.Buffers.Binary;

namespace Sextant;

/// <summary>
/// Reads the fields of one protobuf message in order. A SentencePiece model has three kinds of message and an ONNX graph seven, too few to
/// need generated classes.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    /// <summary>Integers take up to eight times the memory that they take in the file.</summary>
    private const int MaxIntegers = 1 << 26;

    private ReadOnlySpan<byte> _rest = message;
    private bool _isBytes;

    /// <summary>The number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, where it is a number or a float's bits.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its value, where it is a string, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Advances to the next field.</summary>
    /// <exception cref="FormatException">The message is cut off or damaged.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong key = ReadVarint();
        Field = (int)Math.Min(key >> 3, int.MaxValue);
        Number = 0;
        Bytes = default;
        _isBytes = (key & 7) == 2;
        switch (key & 7)
        {
            case 0:
                Number = ReadVarint();
                break;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                Bytes = Take(ReadVarint());
                break;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw new FormatException("it is not protobuf");
        }

        return true;
    }

    /// <summary>Adds the integers of a repeated field, which may be packed into one value or be separate fields.</summary>
    public readonly void AddIntegers(ICollection<long> values)
    {
        if (!_isBytes)
        {
            values.Add((long)Number);
            return;
        }

        var packed = new ProtobufReader(Bytes);
        while (!packed._rest.IsEmpty)
        {
            values.Add(
                values.Count < MaxIntegers
                    ? (long)packed.ReadVarint()
                    : throw new FormatException($"it has a list of more than {MaxIntegers} integers")
            );
        }
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("it has a number of more than 64 bits");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new FormatException("it is cut off");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
