using System.Globalization;
using System.Runtime.InteropServices;

namespace Sextant.Index.Interchange;

/// <summary>
/// The files of the TEXMEX data sets: each row is its length as int32, then that many float32 (<c>.fvecs</c>) or int32 (<c>.ivecs</c>),
/// all little-endian.
/// </summary>
public static class FvecsFile
{
    /// <summary>Reads a <c>.fvecs</c> file.</summary>
    /// <exception cref="InputException">The file does not have this format, or is damaged.</exception>
    public static VectorTable Read(string path)
    {
        (int width, float[] values) = ReadRows<float>(path);
        return new(width, values);
    }

    /// <summary>Reads an <c>.ivecs</c> file, such as the true neighbors of each query.</summary>
    /// <returns>The length of a row, and all rows concatenated.</returns>
    /// <exception cref="InputException">The file does not have this format, or is damaged.</exception>
    public static (int Width, int[] Values) ReadInt32(string path) => ReadRows<int>(path);

    /// <summary>Writes a <c>.fvecs</c> file, whole or not at all.</summary>
    public static void Write(string path, VectorTable vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        WriteRows(path, vectors.Dimensions, vectors.Rows);
    }

    /// <summary>Writes an <c>.ivecs</c> file, whole or not at all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is less than 1.</exception>
    public static void WriteInt32(string path, int width, ReadOnlyMemory<int> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        WriteRows(path, width, values);
    }

    private static (int Width, T[] Values) ReadRows<T>(string path)
        where T : unmanaged
    {
        using FileStream stream = InterchangeFile.Open(path);
        if (stream.Length < 4)
            throw InterchangeFile.Damaged(path, "it is too short to contain a vector");
        Span<byte> head = stackalloc byte[4];
        stream.ReadExactly(head);
        int width = BitConverter.ToInt32(head);
        if (width is < 1 or > VectorTable.MaxDimensions)
            throw InterchangeFile.Damaged(path, string.Create(CultureInfo.InvariantCulture, $"its first vector declares {width} values"));
        long stride = 4L * (width + 1),
            count = stream.Length / stride;
        if (stream.Length % stride != 0)
        {
            throw InterchangeFile.Damaged(
                path,
                string.Create(CultureInfo.InvariantCulture, $"{stream.Length} bytes are not a whole number of vectors of {width} values")
            );
        }

        T[] values = new T[InterchangeFile.Values(path, count, width)];
        stream.Position = 0;
        for (int row = 0; row < count; row++)
        {
            stream.ReadExactly(head);
            if (BitConverter.ToInt32(head) != width)
            {
                throw InterchangeFile.Damaged(
                    path,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"vector {row + 1} declares {BitConverter.ToInt32(head)} values, the previous ones {width}"
                    )
                );
            }

            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan(row * width, width)));
        }

        return (width, values);
    }

    private static void WriteRows<T>(string path, int width, ReadOnlyMemory<T> values)
        where T : unmanaged =>
        AtomicFile.Write(
            path,
            stream =>
            {
                byte[] head = BitConverter.GetBytes(width);
                for (int at = 0; at < values.Length; at += width)
                {
                    stream.Write(head);
                    stream.Write(MemoryMarshal.AsBytes(values.Span.Slice(at, width)));
                }
            }
        );
}
