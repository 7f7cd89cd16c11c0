using System.Buffers.Binary;
using System.Globalization;

namespace Sextant.NuGetModels.Packages;

/// <summary>
/// Counts the entries of a ZIP file without keeping them. <see cref="System.IO.Compression.ZipArchive"/> makes an object of every entry,
/// and a small file can hold millions of empty ones.
/// </summary>
internal static class ZipDirectory
{
    public const int MaxEntries = 10_000;

    private const uint EndSignature = 0x06054b50,
        End64Signature = 0x06064b50,
        EntrySignature = 0x02014b50;
    private const int EndSize = 22,
        MaxCommentSize = 65_535,
        Locator64Size = 20,
        End64Size = 56,
        EntrySize = 46;

    /// <exception cref="InputException">It is not a ZIP file, or it has too many entries.</exception>
    public static void Check(Stream file, string name)
    {
        long position = FindStart(file, name);
        Span<byte> header = stackalloc byte[EntrySize];
        for (int count = 0; ; count++)
        {
            file.Position = position;
            if (
                file.ReadAtLeast(header, EntrySize, throwOnEndOfStream: false) < EntrySize
                || BinaryPrimitives.ReadUInt32LittleEndian(header) != EntrySignature
            )
            {
                return;
            }

            if (count >= MaxEntries)
            {
                throw new InputException(
                    string.Create(CultureInfo.InvariantCulture, $"{name}: the package has more than {MaxEntries} entries")
                );
            }

            position += EntrySize + Field(header, 28) + Field(header, 30) + Field(header, 32);
        }
    }

    private static long FindStart(Stream file, string name)
    {
        int tailSize = (int)Math.Min(file.Length, EndSize + MaxCommentSize + Locator64Size);
        byte[] tail = new byte[tailSize];
        file.Position = file.Length - tailSize;
        file.ReadExactly(tail);
        for (int at = tailSize - EndSize; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != EndSignature)
            {
                continue;
            }

            uint start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
            return start != uint.MaxValue ? start
                : at >= Locator64Size ? FindStart64(file, tail.AsSpan(at - Locator64Size), name)
                : throw Damaged(name);
        }

        throw Damaged(name);
    }

    private static long FindStart64(Stream file, ReadOnlySpan<byte> locator, string name)
    {
        long at = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        Span<byte> end = stackalloc byte[End64Size];
        if (at < 0 || at > file.Length - End64Size)
        {
            throw Damaged(name);
        }

        file.Position = at;
        file.ReadExactly(end);
        long start = BinaryPrimitives.ReadInt64LittleEndian(end[48..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(end) == End64Signature && start >= 0 && start <= file.Length
            ? start
            : throw Damaged(name);
    }

    private static int Field(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadUInt16LittleEndian(header[at..]);

    private static InputException Damaged(string name) => new($"{name}: the package is damaged: it is not a ZIP file");
}
