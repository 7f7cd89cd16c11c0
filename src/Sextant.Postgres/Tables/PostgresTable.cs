using System.Globalization;
using Sextant.Numerics;

namespace Sextant.Postgres.Tables;

/// <summary>The table of one collection and its indexes: names, quoted for SQL, and the expressions that its index compares.</summary>
/// <param name="Collection">The collection's name.</param>
/// <param name="Dimensions">The length of its vectors.</param>
/// <param name="Index">The kind of its vector index.</param>
/// <param name="PartitionBy">The metadata field by which it is partitioned, if any.</param>
/// <param name="Generation">
/// Empty, or a suffix that distinguishes its names from those of other tables of the collection. When the collection moves to another
/// model, the old table gets other names, so that a process that uses the old ones detects the move.
/// </param>
/// <param name="Metric">How its vectors are compared.</param>
internal sealed record PostgresTable(
    string Collection,
    int Dimensions,
    VectorIndexKind Index,
    string? PartitionBy,
    string Generation = "",
    SimilarityMetric Metric = SimilarityMetric.Cosine
)
{
    private const string Signs = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>All tables live here, so that none is ever looked for along a search path.</summary>
    public const string Schema = "sextant";

    private const int FullDimensions = 2000,
        HalfDimensions = 4000;

    /// <summary>The longest vectors that a column holds.</summary>
    public const int MaxDimensions = 16_000;

    public bool IsPartitioned => PartitionBy is not null;

    public string Documents => $"{Schema}.{Quoted("documents")}";

    /// <summary>The index over vectors, as a name within the schema.</summary>
    public string Nearest => $"{Schema}.{Quoted("nearest")}";

    /// <summary>A name of this collection's own within the schema.</summary>
    public string Quoted(string suffix) => $"\"{Collection}{Generation}_{suffix}\"";

    public string Partition(int number) => $"{Schema}.{Quoted(PartitionSuffix(number))}";

    public static string PartitionSuffix(int number) => string.Create(CultureInfo.InvariantCulture, $"documents_{number}");

    /// <summary>
    /// The suffix of the table with this number; it repeats only after so many moves that no process has missed them all.
    /// </summary>
    public static string GenerationOf(int number) => number == 0 ? "" : $"~{Signs[(number - 1) % Signs.Length]}";

    /// <summary>What the index is over, to the letter: the planner knows the index by it.</summary>
    public string Indexed =>
        Index switch
        {
            VectorIndexKind.Half => string.Create(CultureInfo.InvariantCulture, $"(vector::halfvec({Dimensions}))"),
            VectorIndexKind.Binary => string.Create(CultureInfo.InvariantCulture, $"(binary_quantize(vector)::bit({Dimensions}))"),
            _ => "vector",
        };

    /// <summary>
    /// Where the metric is the cosine, vectors have length 1, so their inner product is their cosine; and unlike the cosine it is a number
    /// for a vector of zeros too.
    /// </summary>
    public string OperatorClass =>
        Index switch
        {
            VectorIndexKind.Half => IsEuclidean ? "halfvec_l2_ops" : "halfvec_ip_ops",
            VectorIndexKind.Binary => "bit_hamming_ops",
            _ => IsEuclidean ? "vector_l2_ops" : "vector_ip_ops",
        };

    /// <summary>How far a document is from the query <c>$1</c>: its score, negated.</summary>
    public string Distance => $"vector {Operator} $1";

    /// <summary>How far a document is from the query <c>$1</c> by the index.</summary>
    public string IndexedDistance =>
        Index switch
        {
            VectorIndexKind.Half => string.Create(CultureInfo.InvariantCulture, $"{Indexed} {Operator} $1::halfvec({Dimensions})"),
            VectorIndexKind.Binary => string.Create(CultureInfo.InvariantCulture, $"{Indexed} <~> binary_quantize($1)::bit({Dimensions})"),
            _ => Distance,
        };

    /// <summary>How many candidates the index gives for so many results, because those that are scored again may change places.</summary>
    public int Candidates(int results) =>
        Index switch
        {
            VectorIndexKind.Half => results + 20,
            VectorIndexKind.Binary => Math.Max(200, 10 * results),
            _ => results,
        };

    /// <summary>The finest index that can be had over vectors of this length.</summary>
    public static VectorIndexKind IndexFor(int dimensions, SimilarityMetric metric) =>
        dimensions switch
        {
            <= FullDimensions => VectorIndexKind.Full,
            <= HalfDimensions => VectorIndexKind.Half,
            // Signs say nothing of distances.
            _ => metric == SimilarityMetric.Euclidean ? VectorIndexKind.None : VectorIndexKind.Binary,
        };

    /// <summary>The index over vectors of another length: as fine as can be had, but where a coarser one was asked for.</summary>
    public VectorIndexKind IndexForOther(int dimensions)
    {
        VectorIndexKind finest = IndexFor(dimensions, Metric);
        return Index == VectorIndexKind.None || (Index != IndexFor(Dimensions, Metric) && Index > finest) ? Index : finest;
    }

    /// <exception cref="InputException">Vectors of this length do not fit.</exception>
    public void Check()
    {
        int most = Index switch
        {
            VectorIndexKind.Full => FullDimensions,
            VectorIndexKind.Half => HalfDimensions,
            _ => MaxDimensions,
        };
        if (Dimensions > most)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"vectors of {Dimensions} dimensions exceed the limit of this pgvector index ({most}): choose another index, or "
                        + $"shorter vectors"
                )
            )
            {
                RelatedOptions = [nameof(Embedding.EmbeddingPipelineOptions.Dimensions)],
            };
        }
    }

    private bool IsEuclidean => Metric == SimilarityMetric.Euclidean;

    private string Operator => IsEuclidean ? "<->" : "<#>";
}
