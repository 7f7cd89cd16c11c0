using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Sextant.Onnx.Inference;

/// <summary>Gets the values of an output and the length of its vectors.</summary>
internal delegate void ReadOutput(ReadOnlySpan<float> values, int dimensions);

/// <summary>Reads the output of a graph as float32, for any floating-point type.</summary>
internal static class OutputReader
{
    public static void Read(OrtValue value, TokenBatch batch, bool pooled, ReadOutput read)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        long[] shape = info.Shape;
        long[] expected = pooled ? [batch.Rows] : [batch.Rows, batch.Length];
        if (shape.Length != expected.Length + 1 || !shape.AsSpan(0, expected.Length).SequenceEqual(expected))
        {
            throw new SextantException($"the graph returned [{string.Join(", ", shape)}] for {batch.Rows} texts of {batch.Length} tokens");
        }

        int dimensions = checked((int)shape[^1]);
        if (info.ElementDataType == TensorElementType.Float)
        {
            read(value.GetTensorDataAsSpan<float>(), dimensions);
            return;
        }

        int count = checked((int)info.ElementCount);
        float[] buffer = ArrayPool<float>.Shared.Rent(count);
        try
        {
            Widen(value, info.ElementDataType, buffer.AsSpan(0, count));
            read(buffer.AsSpan(0, count), dimensions);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private static void Widen(OrtValue value, TensorElementType type, Span<float> into)
    {
        switch (type)
        {
            case TensorElementType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()), into);
                break;
            case TensorElementType.BFloat16:
                ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<BFloat16, ushort>(value.GetTensorDataAsSpan<BFloat16>());
                for (int i = 0; i < into.Length; i++)
                {
                    into[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                }

                break;
            default:
                TensorPrimitives.ConvertTruncating(value.GetTensorDataAsSpan<double>(), into);
                break;
        }
    }
}
