using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Sextant.NuGetModels.Tests;

/// <summary>Writes an assembly that holds nothing but resources.</summary>
internal static class ResourceAssembly
{
    /// <param name="resources">Each with its name, its bytes, and the length that is written before them where it is not theirs.</param>
    public static byte[] With(params (string Name, byte[] Bytes, uint? Claimed)[] resources)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("Evil.dll"), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        metadata.AddAssembly(
            metadata.GetOrAddString("Evil"),
            new Version(1, 0, 0, 0),
            default,
            default,
            default,
            AssemblyHashAlgorithm.None
        );
        metadata.AddTypeDefinition(
            default,
            default,
            metadata.GetOrAddString("<Module>"),
            default,
            MetadataTokens.FieldDefinitionHandle(1),
            MetadataTokens.MethodDefinitionHandle(1)
        );
        var data = new BlobBuilder();
        foreach ((string name, byte[] bytes, uint? claimed) in resources)
        {
            data.Align(8);
            metadata.AddManifestResource(ManifestResourceAttributes.Public, metadata.GetOrAddString(name), default, (uint)data.Count);
            data.WriteUInt32(claimed ?? (uint)bytes.Length);
            data.WriteBytes(bytes);
        }

        var image = new ManagedPEBuilder(
            new PEHeaderBuilder(imageCharacteristics: Characteristics.Dll),
            new MetadataRootBuilder(metadata),
            new BlobBuilder(),
            managedResources: data
        );
        var file = new BlobBuilder();
        image.Serialize(file);
        return file.ToArray();
    }
}
