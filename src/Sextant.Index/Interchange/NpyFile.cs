using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Sextant.Index.Interchange;

/// <summary>NumPy arrays of two dimensions, a vector a row.</summary>
public static partial class NpyFile
{
    private const int Preamble = 10;
    private const int HeaderBytes = 128;
    private const int MaxHeaderBytes = 1 << 16;

    /// <summary>Reads an array of float32, float64 or float16, shape (vectors, dimensions), in C order.</summary>
    /// <exception cref="InputException">The file does not have this format, or is damaged.</exception>
    public static VectorTable Read(string path)
    {
        using FileStream stream = InterchangeFile.Open(path);
        (string type, bool fortran, long[] shape) = Header(path, stream);
        if (shape.Length != 2 || shape[1] is < 1 or > VectorTable.MaxDimensions)
            throw new InputException($"{path}: its shape is ({string.Join(", ", shape)}); save an array of shape (vectors, dimensions)");
        if (fortran)
            throw new InputException($"{path}: it is in Fortran order; write it with numpy.ascontiguousarray");
        int bytes = type switch
        {
            "<f4" => 4,
            "<f8" => 8,
            "<f2" => 2,
            _ => throw new InputException($"{path}: its values have type '{type}'; use float32, float64 or float16 (little-endian)"),
        };
        int values = InterchangeFile.Values(path, shape[0], shape[1]);
        if (stream.Length - stream.Position != (long)values * bytes)
        {
            throw InterchangeFile.Damaged(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{shape[0]} × {shape[1]} values need {(long)values * bytes} bytes, and {stream.Length - stream.Position} follow its "
                        + $"header"
                )
            );
        }

        float[] rows = new float[values];
        int width = (int)shape[1];
        byte[] line = new byte[width * bytes];
        for (int at = 0; at < values; at += width)
        {
            stream.ReadExactly(line);
            Convert(line, bytes, rows.AsSpan(at, width));
        }

        return new(width, rows);
    }

    /// <summary>Writes an array of float32, whole or not at all.</summary>
    public static void Write(string path, VectorTable vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        AtomicFile.Write(
            path,
            stream =>
            {
                stream.Write(CreateHeader(vectors.Count, vectors.Dimensions));
                for (int row = 0; row < vectors.Count; row++)
                    stream.Write(MemoryMarshal.AsBytes(vectors.Row(row)));
            }
        );
    }

    /// <summary>The 128 bytes before the values of an array of float32, shape (rows, dimensions), in C order.</summary>
    public static byte[] CreateHeader(long rows, int dimensions)
    {
        string dictionary = string.Create(
            CultureInfo.InvariantCulture,
            $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {dimensions}), }}"
        );
        return
        [
            0x93,
            .. "NUMPY"u8,
            1,
            0,
            HeaderBytes - Preamble,
            0,
            .. Encoding.ASCII.GetBytes(dictionary.PadRight(HeaderBytes - Preamble - 1) + "\n"),
        ];
    }

    private static (string Type, bool Fortran, long[] Shape) Header(string path, FileStream stream)
    {
        Span<byte> start = stackalloc byte[12];
        if (
            stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length
            || start[0] != 0x93
            || !start[1..6].SequenceEqual("NUMPY"u8)
        )
        {
            throw new InputException($"{path}: not a NumPy array; write one with numpy.save");
        }

        bool isLong = start[6] >= 2;
        long length = isLong ? BinaryPrimitives.ReadUInt32LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        stream.Position = isLong ? start.Length : Preamble;
        if (length > Math.Min(MaxHeaderBytes, stream.Length - stream.Position))
            throw InterchangeFile.Damaged(path, $"it declares a header of {length} bytes");
        byte[] header = new byte[length];
        stream.ReadExactly(header);
        Match match = HeaderText().Match(Encoding.UTF8.GetString(header));
        string[] shape = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (!match.Success || !shape.All(s => long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            throw InterchangeFile.Damaged(path, "its header cannot be read");
        return (
            match.Groups["type"].Value,
            match.Groups["fortran"].Value == "True",
            Array.ConvertAll(shape, s => long.Parse(s, CultureInfo.InvariantCulture))
        );
    }

    private static void Convert(ReadOnlySpan<byte> line, int bytes, Span<float> row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = bytes switch
            {
                4 => BinaryPrimitives.ReadSingleLittleEndian(line[(4 * i)..]),
                8 => (float)BinaryPrimitives.ReadDoubleLittleEndian(line[(8 * i)..]),
                _ => (float)BinaryPrimitives.ReadHalfLittleEndian(line[(2 * i)..]),
            };
        }
    }

    [GeneratedRegex(
        @"^\{'descr':\s*'(?<type>[^']*)',\s*'fortran_order':\s*(?<fortran>True|False),\s*'shape':\s*\((?<shape>[0-9, ]*)\),?\s*\}\s*$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex HeaderText();
}
