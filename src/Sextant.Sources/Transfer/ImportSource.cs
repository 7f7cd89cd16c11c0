using System.Globalization;
using System.Numerics.Tensors;
using Sextant.Index.Interchange;

namespace Sextant.Sources.Transfer;

/// <summary>
/// A file of another program, opened: the length of its vectors, its documents in their order, and its graph if it has one.
/// </summary>
internal sealed record ImportSource(
    int Dimensions,
    IAsyncEnumerable<Document> Documents,
    IReadOnlyList<Document>? Rows,
    FaissContent? Faiss
)
{
    /// <exception cref="InputException">The file is damaged, of another kind, or empty.</exception>
    public static async Task<ImportSource> OpenAsync(
        string file,
        InterchangeFormat format,
        string? texts,
        CancellationToken cancellationToken
    )
    {
        if (!format.IsVectorsOnly())
        {
            if (texts is not null)
            {
                throw new InputException($"{file} already contains texts; omit the file of texts") { RelatedOptions = [nameof(texts)] };
            }

            IAsyncEnumerable<Document> documents =
                format == InterchangeFormat.Parquet
                    ? DocumentParquet.ReadAsync(file, cancellationToken)
                    : DocumentLines.Read(file, withVectors: true).ToAsyncEnumerable();
            Document first = await documents.FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) ?? throw Empty(file);
            return new(first.Vector!.Value.Length, documents, null, null);
        }

        FaissContent? faiss = format is InterchangeFormat.Faiss or InterchangeFormat.FaissFlat ? FaissFile.Read(file) : null;
        VectorTable table =
            faiss?.Vectors
            ?? format switch
            {
                InterchangeFormat.Npy => NpyFile.Read(file),
                InterchangeFormat.Ivecs => Floats(FvecsFile.ReadInt32(file)),
                _ => FvecsFile.Read(file),
            };
        if (table.Count == 0)
            throw Empty(file);
        Document[] rows = Rowwise(file, table, texts);
        return new(table.Dimensions, rows.ToAsyncEnumerable(), rows, faiss);
    }

    // A row is called what the texts file calls it, or the id map, or else its place.
    private static Document[] Rowwise(string file, VectorTable table, string? texts)
    {
        List<Document>? given = texts is null ? null : [.. DocumentLines.Read(texts, withVectors: false)];
        if (given is not null && given.Count != table.Count)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{texts} has {given.Count} texts for the {table.Count} vectors of {file}; give one per vector"
                )
            );
        }

        Document[] rows = new Document[table.Count];
        for (int row = 0; row < rows.Length; row++)
        {
            ReadOnlyMemory<float> vector = table.Rows.Slice(row * table.Dimensions, table.Dimensions);
            RequireFinite(file, row, vector.Span);
            Document document = given?[row] ?? new("");
            rows[row] = document with
            {
                Id = document.Id ?? (table.Ids is { } ids ? ids.Span[row] : row).ToString(CultureInfo.InvariantCulture),
                Vector = vector,
            };
        }

        return rows;
    }

    /// <summary>Names the row of a vector that holds NaN or infinity.</summary>
    internal static void RequireFinite(string file, long row, ReadOnlySpan<float> vector)
    {
        if (TensorPrimitives.IsFiniteAll(vector))
            return;
        throw new InputException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{file}: row {row}, counted from 0, contains a value that is not a finite number; remove it, or write the file again"
            )
        );
    }

    private static VectorTable Floats((int Width, int[] Values) rows) =>
        new(rows.Width, Array.ConvertAll(rows.Values, static value => (float)value));

    private static InputException Empty(string file) => new($"{file} has no vectors");
}
