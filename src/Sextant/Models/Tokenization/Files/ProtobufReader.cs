using System.Buffers.Binary;

namespace Sextant.Models.Tokenization.Files;

/// <summary>Walks through the fields of one protobuf message. The three messages that SentencePiece writes need no compiler for them.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, where it is a number or a float's bits.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its value, where it is a string, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Goes on to the next field.</summary>
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
                throw new FormatException("it is not the protobuf of a SentencePiece model");
        }

        return true;
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

        throw new FormatException("it holds a number of more than 64 bits");
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
