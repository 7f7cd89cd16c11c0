using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Sextant.NuGetModels.Layouts;

/// <summary>
/// The managed resources of an assembly, found through its metadata and copied from its file. Nothing of the assembly is loaded: no
/// code of a package ever runs.
/// </summary>
internal static class AssemblyResources
{
    private const int MaxMetadataBytes = 64 << 20,
        LengthBytes = 4;

    /// <summary>One resource: a range of the assembly's file.</summary>
    public sealed record Resource(string Name, long Offset, uint Length);

    /// <param name="assembly">The assembly's file, seekable; stays open.</param>
    /// <param name="place">The assembly, for messages.</param>
    /// <returns>Empty for a file without managed resources.</returns>
    /// <exception cref="InputException">The file is damaged, or a resource is longer than the file.</exception>
    public static IReadOnlyList<Resource> Read(Stream assembly, string place)
    {
        try
        {
            using var reader = new PEReader(assembly, PEStreamOptions.LeaveOpen);
            if (reader.PEHeaders.CorHeader is not { } managed || managed.ResourcesDirectory is not { Size: > 0 } directory)
            {
                return [];
            }

            if (reader.PEHeaders.MetadataSize > MaxMetadataBytes)
            {
                throw new InputException($"{place}: its metadata is longer than {MaxMetadataBytes >> 20} MiB");
            }

            int section = reader.PEHeaders.GetContainingSectionIndex(directory.RelativeVirtualAddress);
            if (section < 0)
            {
                throw new InputException($"{place}: not a readable assembly: its resources are in no section");
            }

            SectionHeader header = reader.PEHeaders.SectionHeaders[section];
            long start = (long)header.PointerToRawData + directory.RelativeVirtualAddress - header.VirtualAddress;
            long end = Math.Min(Math.Min(start + directory.Size, (long)header.PointerToRawData + header.SizeOfRawData), assembly.Length);
            MetadataReader metadata = reader.GetMetadataReader();
            (string Name, long Offset)[] found =
            [
                .. metadata
                    .ManifestResources.Select(metadata.GetManifestResource)
                    .Where(static r => r.Implementation.IsNil)
                    .Select(r => (metadata.GetString(r.Name), r.Offset)),
            ];
            return [.. found.Select(r => Locate(assembly, r.Name, start + r.Offset, start, end, place))];
        }
        catch (Exception e) when (e is BadImageFormatException or EndOfStreamException or OverflowException or ArgumentException)
        {
            throw new InputException($"{place}: not a readable assembly: {e.Message}", e);
        }
    }

    private static Resource Locate(Stream assembly, string name, long at, long start, long end, string place)
    {
        if (at < start || at > end - LengthBytes)
        {
            throw new InputException($"{place}: the resource '{name}' is outside the assembly");
        }

        Span<byte> length = stackalloc byte[LengthBytes];
        assembly.Position = at;
        assembly.ReadExactly(length);
        uint bytes = BitConverter.IsLittleEndian
            ? BitConverter.ToUInt32(length)
            : System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(length);
        return bytes <= end - at - LengthBytes
            ? new Resource(name, at + LengthBytes, bytes)
            : throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{place}: the resource '{name}' declares {bytes:N0} bytes, and the assembly has {end - at - LengthBytes:N0} " + $"left"
                )
            );
    }
}
