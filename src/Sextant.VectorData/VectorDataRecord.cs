using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.VectorData;
using Sextant.Numerics;
using Sextant.Search.Storage;
using Fields = System.Collections.Generic.Dictionary<string, object?>;

namespace Sextant.VectorData;

/// <summary>A document as a record of a <see cref="VectorStore"/>: the names and types of its fields, and the way there and back.</summary>
internal static class VectorDataRecord
{
    public const string Key = "key",
        Id = "id",
        Place = "place",
        Hash = "hash",
        Text = "text",
        Metadata = "metadata",
        Source = "source",
        Vector = "vector";

    /// <summary>The record definition for vectors of this length.</summary>
    public static VectorStoreCollectionDefinition Define(int dimensions, Type keyType, string? distance) =>
        new()
        {
            Properties =
            [
                new VectorStoreKeyProperty(Key, keyType),
                new VectorStoreDataProperty(Id, typeof(string)),
                new VectorStoreDataProperty(Place, typeof(long)) { IsIndexed = true },
                new VectorStoreDataProperty(Hash, typeof(string)),
                new VectorStoreDataProperty(Text, typeof(string)) { IsFullTextIndexed = true },
                new VectorStoreDataProperty(Metadata, typeof(string)),
                new VectorStoreDataProperty(Source, typeof(string)) { IsIndexed = true },
                new VectorStoreVectorProperty(Vector, typeof(ReadOnlyMemory<float>), dimensions) { DistanceFunction = distance },
            ],
        };

    /// <summary>A key that every store takes, made of an id that may hold anything: a hash of it, as a UUID or its 32 digits.</summary>
    public static object KeyOf(string id, Type keyType)
    {
        Guid key = new(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16), bigEndian: true);
        return keyType == typeof(Guid) ? key : key.ToString("N");
    }

    public static Fields Write(IncomingDocument document, float[] vector, long place, Type keyType) =>
        new()
        {
            [Key] = KeyOf(document.Id, keyType),
            [Id] = document.Id,
            [Place] = place,
            [Hash] = Convert.ToHexStringLower(document.TextHash),
            [Text] = document.Text,
            [Metadata] = document.Metadata,
            [Source] = document.Source,
            [Vector] = new ReadOnlyMemory<float>(vector),
        };

    /// <summary>The document of a record, with its given vector.</summary>
    public static StoredDocument Read(Fields record, Manifest manifest)
    {
        float[]? given = GivenVector(record),
            compared = given;
        if (given is not null && manifest.Metric == SimilarityMetric.Cosine)
        {
            compared = [.. given];
            VectorMath.Normalize(compared);
        }

        return new((long)record[Place]!, (string)record[Id]!, (string)record[Text]!, (string)record[Metadata]!, (string)record[Source]!)
        {
            Vector = compared,
            GivenVector = given.AsSpan().SequenceEqual(compared) ? null : given,
        };
    }

    /// <summary>The given vector of a record; <see langword="null"/> where it was not read.</summary>
    public static float[]? GivenVector(Fields record) =>
        record.TryGetValue(Vector, out object? vector) && vector is ReadOnlyMemory<float> values ? values.ToArray() : null;

    public static StoredState State(Fields record) =>
        new((long)record[Place]!, Convert.FromHexString((string)record[Hash]!), (string)record[Metadata]!, (string)record[Source]!);
}
