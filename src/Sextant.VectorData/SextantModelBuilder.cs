using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;
using RecordModel = Microsoft.Extensions.VectorData.ProviderServices.CollectionModel;

namespace Sextant.VectorData;

/// <summary>Builds and validates the model of a record type, as other connectors do.</summary>
internal sealed class SextantModelBuilder()
    : CollectionModelBuilder(new() { SupportsMultipleVectors = true, RequiresAtLeastOneVector = false })
{
    /// <summary>The vector types of a record; any other type of property needs a generator.</summary>
    public const string VectorTypes = "ReadOnlyMemory<float>, Embedding<float>, float[]";

    /// <summary>The model of records of type <typeparamref name="TRecord"/>.</summary>
    /// <param name="keyType">The type of their keys.</param>
    /// <param name="definition">A definition that takes precedence over the attributes of the type.</param>
    /// <param name="generator">The generator of the store; the default is the engine's model.</param>
    /// <exception cref="InvalidOperationException">The type and its definition do not fit each other, or the generator.</exception>
    /// <exception cref="NotSupportedException">A property has a type that cannot be stored.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Records of classes are mapped by reflection, as documented.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Records of classes are mapped by reflection, as documented.")]
    public static RecordModel Create<TRecord>(Type keyType, VectorStoreCollectionDefinition? definition, IEmbeddingGenerator? generator)
        where TRecord : class
    {
        generator ??= EngineModel.Instance;
        if (typeof(TRecord) != typeof(Dictionary<string, object?>))
            return new SextantModelBuilder().Build(typeof(TRecord), keyType, definition, generator);
        ArgumentNullException.ThrowIfNull(definition);
        return new SextantModelBuilder().BuildDynamic(definition, definition.EmbeddingGenerator ?? generator);
    }

    protected override void ValidateKeyProperty(KeyPropertyModel keyProperty)
    {
        base.ValidateKeyProperty(keyProperty);
        Type type = keyProperty.Type;
        if (type != typeof(string) && type != typeof(Guid) && type != typeof(int) && type != typeof(long))
            throw new NotSupportedException($"a key is a string, a Guid, an int or a long, not {type.Name}");
    }

    // Everything that System.Text.Json reads back.
    protected override bool IsDataPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        supportedTypes = null;
        return true;
    }

    protected override bool IsVectorPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        supportedTypes = VectorTypes;
        return type == typeof(ReadOnlyMemory<float>)
            || type == typeof(ReadOnlyMemory<float>?)
            || type == typeof(Embedding<float>)
            || type == typeof(float[]);
    }
}
