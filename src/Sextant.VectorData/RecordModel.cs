using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace Sextant.VectorData;

/// <summary>
/// How records of a type become documents: which field is the key, which the vector, which the text; all others are metadata.
/// </summary>
internal sealed class RecordModel<TRecord>
    where TRecord : class
{
    private readonly Field _key;
    private readonly Field _vector;
    private readonly List<Field> _data;
    private readonly Field? _text;

    private RecordModel(List<Field> fields, IEmbeddingGenerator? generator)
    {
        Generator = generator;
        _key = One<VectorStoreKeyProperty>("key");
        _vector = One<VectorStoreVectorProperty>("vector");
        _data = [.. fields.Where(field => field.Property is VectorStoreDataProperty)];
        _text = _data.Find(field => field.Property is VectorStoreDataProperty { IsFullTextIndexed: true });
        if (Vector.DistanceFunction is not (null or DistanceFunction.CosineSimilarity or DistanceFunction.CosineDistance))
        {
            throw new NotSupportedException(
                $"the distance function {Vector.DistanceFunction} is not supported; use cosine similarity or cosine distance"
            );
        }

        if (_key.Type != typeof(string) && _key.Type != typeof(Guid) && _key.Type != typeof(int) && _key.Type != typeof(long))
            throw new NotSupportedException($"a key is a string, a Guid, an int or a long, not {_key.Type.Name}");
        if (
            _vector.Type != typeof(ReadOnlyMemory<float>)
            && _vector.Type != typeof(float[])
            && _vector.Type != typeof(Embedding<float>)
            && _vector.Type != typeof(string)
        )
        {
            throw new NotSupportedException(
                $"a vector is a ReadOnlyMemory<float>, a float[], an Embedding<float>, or a string to embed, not {_vector.Type.Name}"
            );
        }

        Field One<T>(string what)
            where T : VectorStoreProperty =>
            fields.Count(field => field.Property is T) == 1
                ? fields.Find(field => field.Property is T)!
                : throw new NotSupportedException(
                    $"{typeof(TRecord).Name} has {fields.Count(field => field.Property is T)} {what} properties; declare one"
                );
    }

    /// <summary>Whether a record's vector is a text that a model turns into one.</summary>
    public bool IsEmbedded => _vector.Type == typeof(string);

    /// <summary>The generator that the vector property or the definition names; <see langword="null"/> for the store's own.</summary>
    public IEmbeddingGenerator<string, Embedding<float>>? OwnGenerator =>
        (Vector.EmbeddingGenerator ?? Generator) as IEmbeddingGenerator<string, Embedding<float>>;

    private IEmbeddingGenerator? Generator { get; }

    public VectorStoreVectorProperty Vector => (VectorStoreVectorProperty)_vector.Property;

    /// <summary>The model that a definition or the attributes of the type describe.</summary>
    public static RecordModel<TRecord> Create(VectorStoreCollectionDefinition? definition)
    {
        PropertyInfo[] own = typeof(TRecord).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        bool isDynamic = typeof(TRecord) == typeof(Dictionary<string, object?>);
        IEnumerable<VectorStoreProperty> properties =
            definition is not null ? definition.Properties
            : isDynamic ? throw new ArgumentException("a dynamic collection needs a definition", nameof(definition))
            : own.Select(Described).OfType<VectorStoreProperty>();
        return new(
            [
                .. properties.Select(property => new Field(
                    property,
                    isDynamic
                        ? null
                        : own.FirstOrDefault(p => p.Name == property.Name)
                            ?? throw new NotSupportedException($"{typeof(TRecord).Name} has no property {property.Name}")
                )),
            ],
            definition?.EmbeddingGenerator
        );
    }

    public static string IdOf(object key) =>
        key switch
        {
            string text => text,
            Guid or int or long => ((IFormattable)key).ToString(null, CultureInfo.InvariantCulture),
            _ => throw new ArgumentException($"a key is a string, a Guid, an int or a long, not {key.GetType().Name}", nameof(key)),
        };

    public Document ToDocument(TRecord record)
    {
        object? vector = _vector.Get(record);
        JsonObject metadata = [];
        foreach (Field field in _data.Where(field => field != _text))
        {
            if (field.Get(record) is { } value)
                metadata[field.StoredAs] = JsonSerializer.SerializeToNode(value, value.GetType());
        }

        return new((_text?.Get(record) ?? vector as string)?.ToString() ?? "")
        {
            Id = IdOf(_key.Get(record) ?? throw new ArgumentException("a record has no key", nameof(record))),
            Metadata = metadata,
            Vector = vector switch
            {
                ReadOnlyMemory<float> memory => memory,
                float[] array => array,
                Embedding<float> embedding => embedding.Vector,
                _ => (ReadOnlyMemory<float>?)null,
            },
        };
    }

    public TRecord ToRecord(Document document, bool withVector)
    {
        TRecord record = Activator.CreateInstance<TRecord>();
        _key.Set(
            record,
            _key.Type == typeof(string) ? document.Id
                : _key.Type == typeof(Guid) ? Guid.Parse(document.Id!)
                : Convert.ChangeType(document.Id, _key.Type, CultureInfo.InvariantCulture)
        );
        foreach (Field field in _data)
        {
            if (field == _text)
                field.Set(record, document.Text);
            else if (document.Metadata?[field.StoredAs] is { } value)
                field.Set(record, value.Deserialize(field.Type));
            else
                field.SetNothing(record);
        }

        if (withVector && document.Vector is { } vector && _vector.Type != typeof(string))
        {
            _vector.Set(
                record,
                _vector.Type == typeof(float[]) ? vector.ToArray()
                    : _vector.Type == typeof(Embedding<float>) ? new Embedding<float>(vector)
                    : vector
            );
        }

        return record;
    }

    /// <summary>The metadata field in which a property of the record is kept, for filters.</summary>
    public string StoredAs(string property) =>
        _data.Find(field => field.Property.Name == property && field != _text)?.StoredAs
        ?? throw new NotSupportedException($"a search cannot be filtered by {property}; use a data property other than the text");

    private static VectorStoreProperty? Described(PropertyInfo property)
    {
        if (property.GetCustomAttribute<VectorStoreKeyAttribute>() is { } key)
            return new VectorStoreKeyProperty(property.Name, property.PropertyType) { StorageName = key.StorageName };
        if (property.GetCustomAttribute<VectorStoreDataAttribute>() is { } data)
        {
            return new VectorStoreDataProperty(property.Name, property.PropertyType)
            {
                StorageName = data.StorageName,
                IsIndexed = data.IsIndexed,
                IsFullTextIndexed = data.IsFullTextIndexed,
            };
        }

        if (property.GetCustomAttribute<VectorStoreVectorAttribute>() is { } vector)
        {
            return new VectorStoreVectorProperty(property.Name, property.PropertyType, vector.Dimensions)
            {
                StorageName = vector.StorageName,
                DistanceFunction = vector.DistanceFunction,
            };
        }

        return null;
    }

    /// <summary>One property of a record, of a class or of a dictionary.</summary>
    private sealed class Field(VectorStoreProperty property, PropertyInfo? member)
    {
        public VectorStoreProperty Property => property;

        public string StoredAs => property.StorageName ?? property.Name;

        public Type Type { get; } =
            Nullable.GetUnderlyingType(property.Type ?? member!.PropertyType) ?? property.Type ?? member!.PropertyType;

        public object? Get(TRecord record) =>
            member is null ? ((Dictionary<string, object?>)(object)record).GetValueOrDefault(property.Name) : member.GetValue(record);

        public void Set(TRecord record, object? value)
        {
            if (member is null)
                ((Dictionary<string, object?>)(object)record)[property.Name] = value;
            else
                member.SetValue(record, value);
        }

        // A dictionary names all of its fields; a class has its own defaults.
        public void SetNothing(TRecord record)
        {
            if (member is null)
                Set(record, null);
        }
    }
}
