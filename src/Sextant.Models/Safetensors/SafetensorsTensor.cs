namespace Sextant.Models.Safetensors;

/// <summary>One tensor of a safetensors file, as declared in its header; already validated against the file's length.</summary>
/// <param name="Name">The tensor's key.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its lengths, outermost first; empty for a scalar.</param>
/// <param name="Offset">The offset of its first byte, from the start of the data after the header.</param>
/// <param name="ByteLength">Its size in bytes: the product of <paramref name="Shape"/> times the size of an element.</param>
public sealed record SafetensorsTensor(string Name, SafetensorsType Type, IReadOnlyList<long> Shape, long Offset, long ByteLength)
{
    /// <summary>How many elements it has.</summary>
    public long Count => ByteLength / SizeOf(Type);

    internal static int SizeOf(SafetensorsType type) =>
        type switch
        {
            SafetensorsType.BOOL or SafetensorsType.U8 or SafetensorsType.I8 => 1,
            SafetensorsType.U16 or SafetensorsType.I16 or SafetensorsType.F16 or SafetensorsType.BF16 => 2,
            SafetensorsType.U32 or SafetensorsType.I32 or SafetensorsType.F32 => 4,
            _ => 8,
        };

    /// <summary>The type and the shape, such as <c>F32[30522, 256]</c>.</summary>
    public override string ToString() => $"{Type}[{string.Join(", ", Shape)}]";
}
