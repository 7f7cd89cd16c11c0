using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sextant.Models.Safetensors;

/// <summary>
/// A safetensors file opened for reading: eight bytes of header length, a JSON header, the tensors' little-endian bytes.
/// The header is checked in full when the file is opened (see <see cref="SafetensorsHeader"/>), tensors are read when asked for.
/// Not thread-safe.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int PrefixBytes = sizeof(ulong);

    // A span of bytes ends at 2 GB, an array of wider elements does not: tensors are read in blocks.
    private const int BlockElements = 1 << 26;

    private readonly Stream _stream;
    private readonly string _path;
    private readonly long _dataStart;
    private readonly SafetensorsHeader _header;

    private SafetensorsFile(Stream stream, string path)
    {
        _stream = stream;
        _path = path;
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        if (stream.ReadAtLeast(prefix, PrefixBytes, throwOnEndOfStream: false) < PrefixBytes)
        {
            throw new InputException($"{path}: not a safetensors file: it ends before its header");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaxBytes || (long)length > stream.Length - PrefixBytes)
        {
            throw new InputException($"{path}: not a safetensors file: it declares a header of {length} bytes");
        }

        byte[] json = new byte[(int)length];
        stream.ReadExactly(json);
        _dataStart = PrefixBytes + (long)length;
        _header = SafetensorsHeader.Parse(json, stream.Length - _dataStart, path);
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _header.Tensors;

    /// <summary>The file's <c>__metadata__</c>; empty if missing.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens the file at <paramref name="path"/>.</summary>
    /// <exception cref="InputException">It does not exist, or is not a complete safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return Open(
                LfsPointer.Refuse(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16), path),
                path
            );
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads from <paramref name="stream"/>, which can seek and is disposed with the file.</summary>
    /// <param name="stream">From its current position on.</param>
    /// <param name="name">Stands for a path in errors.</param>
    /// <exception cref="InputException">It is not a whole safetensors file.</exception>
    public static SafetensorsFile Open(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            return new SafetensorsFile(stream, name);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The tensor called <paramref name="name"/>.</summary>
    /// <exception cref="InputException">The tensor does not exist; the message lists the existing ones.</exception>
    public SafetensorsTensor this[string name] =>
        Tensors.TryGetValue(name, out SafetensorsTensor? tensor)
            ? tensor
            : throw new InputException($"{_path}: no tensor '{name}' (it has {string.Join(", ", Tensors.Keys.Take(8))})");

    /// <summary>Reads the whole tensor as float32, row by row; F64, F16, BF16 and I8 are converted.</summary>
    /// <remarks>Plain loops: compiling the vectorized conversions takes longer than they save on the small tensors read at start.</remarks>
    /// <exception cref="InputException">The tensor is missing, of another type, or larger than an array can be.</exception>
    public float[] ReadSingles(string name)
    {
        SafetensorsTensor tensor = this[name];
        float[] values = Allocate<float>(tensor);
        switch (tensor.Type)
        {
            case SafetensorsType.F32:
                ReadBytes(tensor, MemoryMarshal.AsBytes(values.AsSpan()));
                break;
            case SafetensorsType.F16:
                Half[] halves = Read<Half>(tensor);
                for (int i = 0; i < halves.Length; i++)
                {
                    values[i] = (float)halves[i];
                }

                break;
            case SafetensorsType.F64:
                double[] doubles = Read<double>(tensor);
                for (int i = 0; i < doubles.Length; i++)
                {
                    values[i] = (float)doubles[i];
                }

                break;
            case SafetensorsType.I8:
                sbyte[] bytes = Read<sbyte>(tensor);
                for (int i = 0; i < bytes.Length; i++)
                {
                    values[i] = bytes[i];
                }

                break;
            case SafetensorsType.BF16:
                ushort[] upper = Read<ushort>(tensor);
                for (int i = 0; i < upper.Length; i++)
                {
                    values[i] = BitConverter.Int32BitsToSingle(upper[i] << 16);
                }

                break;
            default:
                throw WrongType(tensor, "floating-point numbers");
        }

        return values;
    }

    /// <summary>Reads the whole I8 tensor, row by row.</summary>
    /// <exception cref="InputException">The tensor is missing, of another type, or larger than an array can be.</exception>
    public sbyte[] ReadSBytes(string name) =>
        this[name] is { Type: SafetensorsType.I8 } tensor ? Read<sbyte>(tensor) : throw WrongType(this[name], "I8");

    /// <summary>Reads the whole I32 or I64 tensor, row by row.</summary>
    /// <exception cref="InputException">The tensor is missing, of another type, or larger than an array can be.</exception>
    public long[] ReadInt64s(string name) =>
        this[name] switch
        {
            { Type: SafetensorsType.I64 } tensor => Read<long>(tensor),
            { Type: SafetensorsType.I32 } tensor => Array.ConvertAll(Read<int>(tensor), static value => (long)value),
            { } tensor => throw WrongType(tensor, "I64 or I32"),
        };

    /// <summary>Reads the tensor's raw bytes.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">Exactly <see cref="SafetensorsTensor.ByteLength"/> long.</param>
    public void ReadBytes(SafetensorsTensor tensor, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, tensor.ByteLength);
        _stream.Position = _dataStart + tensor.Offset;
        _stream.ReadExactly(destination);
    }

    /// <inheritdoc />
    public void Dispose() => _stream.Dispose();

    private T[] Read<T>(SafetensorsTensor tensor)
        where T : unmanaged
    {
        T[] values = Allocate<T>(tensor);
        Span<T> rest = values;
        _stream.Position = _dataStart + tensor.Offset;
        while (!rest.IsEmpty)
        {
            Span<T> block = rest[..Math.Min(BlockElements, rest.Length)];
            _stream.ReadExactly(MemoryMarshal.AsBytes(block));
            rest = rest[block.Length..];
        }

        return values;
    }

    private T[] Allocate<T>(SafetensorsTensor tensor)
        where T : unmanaged =>
        tensor.Count <= Array.MaxLength
            ? GC.AllocateUninitializedArray<T>((int)tensor.Count)
            : throw new InputException($"{_path}: tensor '{tensor.Name}' is too large for one array ({tensor})");

    private InputException WrongType(SafetensorsTensor tensor, string wanted) =>
        new($"{_path}: tensor '{tensor.Name}' is {tensor}, expected {wanted}");
}
