using System.Runtime.InteropServices;

namespace Sextant.Training.Import;

/// <summary>A constant of an ONNX graph. Its values stay in the file's bytes until they are asked for.</summary>
/// <param name="Type">What its elements are, as onnx.proto numbers them.</param>
/// <param name="Shape">Its lengths, outermost first; empty for a scalar.</param>
/// <param name="Data">The elements, row by row, little-endian; as long as shape and type say.</param>
internal sealed record OnnxTensor(OnnxType Type, long[] Shape, ReadOnlyMemory<byte> Data)
{
    public int Count => Data.Length / SizeOf(Type);

    public bool IsFloat => Type is OnnxType.Float or OnnxType.Float16 or OnnxType.BFloat16 or OnnxType.Double;

    public bool IsInteger => Type is OnnxType.Int64 or OnnxType.Int32;

    /// <summary>The bytes of one element; 0 for types that no encoder's constants have.</summary>
    public static int SizeOf(OnnxType type) =>
        type switch
        {
            OnnxType.Double or OnnxType.Int64 => 8,
            OnnxType.Float or OnnxType.Int32 => 4,
            OnnxType.Float16 or OnnxType.BFloat16 => 2,
            OnnxType.Int8 or OnnxType.UInt8 or OnnxType.Bool => 1,
            _ => 0,
        };

    public float[] ReadSingles()
    {
        ReadOnlySpan<byte> data = Data.Span;
        switch (Type)
        {
            case OnnxType.Float:
                return MemoryMarshal.Cast<byte, float>(data).ToArray();
            case OnnxType.Float16:
                return Convert<Half>(data, static value => (float)value);
            case OnnxType.BFloat16:
                return Convert<ushort>(data, static value => BitConverter.Int32BitsToSingle(value << 16));
            case OnnxType.Double:
                return Convert<double>(data, static value => (float)value);
            default:
                throw new InvalidOperationException($"{Type} is not a floating-point type.");
        }
    }

    public long[] ReadIntegers() =>
        Type is OnnxType.Int64
            ? MemoryMarshal.Cast<byte, long>(Data.Span).ToArray()
            : Array.ConvertAll(MemoryMarshal.Cast<byte, int>(Data.Span).ToArray(), static value => (long)value);

    private static float[] Convert<T>(ReadOnlySpan<byte> data, Func<T, float> convert)
        where T : unmanaged
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(data);
        float[] values = GC.AllocateUninitializedArray<float>(source.Length);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = convert(source[i]);
        }

        return values;
    }
}

/// <summary>The element types of onnx.proto that are read.</summary>
internal enum OnnxType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    BFloat16 = 16,
}
