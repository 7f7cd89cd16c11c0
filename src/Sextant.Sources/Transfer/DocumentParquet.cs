using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Parquet;
using Parquet.Data;
using Parquet.Schema;
using Parquet.Serialization;
using Sextant.Index.Interchange;
using Sextant.Search;
using Sextant.Sources.Formats.Rows;

namespace Sextant.Sources.Transfer;

/// <summary>Documents as Parquet: columns <c>id</c>, <c>text</c>, <c>metadata</c> (JSON) and <c>embedding</c> (a list of floats).</summary>
internal static class DocumentParquet
{
    private const int RowGroup = 8192;
    private const int MaxRowsInGroup = 8 * 1024 * 1024;

    /// <summary>A footer is a few kilobytes, but a damaged one can send the library round in circles.</summary>
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(20);

    /// <summary>Writes documents to a stream that can be sought in, a row group at a time.</summary>
    public static async Task WriteAsync(Stream stream, IAsyncEnumerable<Document> documents, CancellationToken cancellationToken)
    {
        bool append = false;
        await foreach (Document[] group in documents.Chunk(RowGroup).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await ParquetSerializer
                .SerializeAsync(group.Select(Row.Of), stream, new ParquetOptions { Append = append }, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            append = true;
        }

        if (!append)
            await ParquetSerializer.SerializeAsync<Row>([], stream, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the documents of a file. Other flat columns are also metadata.</summary>
    /// <exception cref="InputException">The file is not a Parquet file, is damaged, or has no vector column.</exception>
    public static async IAsyncEnumerable<Document> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FileStream stream = InterchangeFile.Open(path);
        await using (stream.ConfigureAwait(false))
        {
            ParquetReader reader = await GuardAsync(
                    path,
                    () =>
                        Task.Run(
                                () => ParquetReader.CreateAsync(stream, leaveStreamOpen: true, cancellationToken: cancellationToken),
                                cancellationToken
                            )
                            .WaitAsync(OpenLimit, cancellationToken)
                )
                .ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                long row = 0;
                for (int group = 0; group < reader.RowGroupCount; group++)
                {
                    int at = group;
                    Document[] documents = await GuardAsync(path, () => GroupAsync(path, reader, at, cancellationToken))
                        .ConfigureAwait(false);
                    foreach (Document document in documents)
                        ImportSource.RequireFinite(path, row++, document.Vector!.Value.Span);
                    foreach (Document document in documents)
                        yield return document;
                }
            }
        }
    }

    private static async Task<Document[]> GroupAsync(string path, ParquetReader reader, int group, CancellationToken cancellationToken)
    {
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
        if (rows.RowCount is < 0 or > MaxRowsInGroup)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: row group {group + 1} has {rows.RowCount} rows; write it with smaller row groups"
                )
            );
        }

        DataField[] fields = reader.Schema.GetDataFields();
        DataField vectors =
            Array.Find(fields, field => field.Path.FirstPart == "embedding" && field.MaxRepetitionLevel == 1)
            ?? throw new InputException($"{path}: it has no column \"embedding\" of lists of numbers; to embed its texts, index the file")
            {
                Remedies = [new Remedy(RemedyAction.IndexFile, path)],
            };
        float[][] embeddings = await VectorsAsync(path, rows, vectors, cancellationToken).ConfigureAwait(false);
        Document[] documents = Array.ConvertAll(embeddings, vector => new Document("") { Vector = vector, Metadata = [] });
        foreach (DataField field in fields)
        {
            if (field.MaxRepetitionLevel > 0 || field.Path.Length > 1)
                continue;
            if (await ParquetColumn.ReadAsync(rows, field, cancellationToken).ConfigureAwait(false) is not { } column)
                continue;
            for (int row = 0; row < documents.Length; row++)
                documents[row] = With(path, documents[row], column.Name, column.Values[row]);
        }

        for (int row = 0; row < documents.Length; row++)
        {
            if (documents[row].Id is { } id && DocumentId.FindFault(id) is { } fault)
            {
                throw new InputException(
                    string.Create(CultureInfo.InvariantCulture, $"{path}: row {row + 1} of row group {group + 1}: {fault}")
                );
            }
        }

        return documents;
    }

    private static Document With(string path, Document document, string column, JsonNode? value)
    {
        if (value is null)
            return document;
        switch (column)
        {
            case "id":
                return document with { Id = value.ToString() };
            case "text":
                return document with { Text = value.ToString() };
            case "metadata" when value.GetValueKind() == JsonValueKind.String:
                if (JsonNode.Parse(value.GetValue<string>(), documentOptions: MetadataDepth.Lenient) is not JsonObject facts)
                    throw new InputException($"{path}: its column \"metadata\" does not contain JSON objects");
                foreach ((string name, JsonNode? fact) in facts)
                    document.Metadata![name] = fact?.DeepClone();
                return document;
            default:
                document.Metadata![column] = value;
                return document;
        }
    }

    // A value that begins a row has repetition level 0; a list that is empty or missing has one entry and no value.
    private static async Task<float[][]> VectorsAsync(
        string path,
        ParquetRowGroupReader rows,
        DataField field,
        CancellationToken cancellationToken
    )
    {
        using RawColumnData column = await rows.ReadRawColumnDataBaseAsync(field, cancellationToken).ConfigureAwait(false);
        float[] values = column switch
        {
            RawColumnData<float> single => single.Values.ToArray(),
            RawColumnData<double> wide => Array.ConvertAll(wide.Values.ToArray(), value => (float)value),
            _ => throw new InputException($"{path}: its column \"embedding\" has no float32 or float64 values"),
        };
        ReadOnlySpan<int> repetitions = column.RepetitionLevels,
            definitions = column.DefinitionLevels;
        long count = rows.RowCount;
        int width = count == 0 ? 0 : values.Length / (int)count;
        if (repetitions.Length != values.Length || width is < 1 or > VectorTable.MaxDimensions || width * count != values.Length)
            throw new InputException($"{path}: some embeddings are missing or differ in length");
        for (int i = 0; i < repetitions.Length; i++)
        {
            if (repetitions[i] != (i % width == 0 ? 0 : 1) || definitions[i] != field.MaxDefinitionLevel)
            {
                throw new InputException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{path}: the embedding of row {(i / width) + 1} is missing, or not of {width} values"
                    )
                );
            }
        }

        return [.. values.Chunk(width)];
    }

    // The library reports damage with many kinds of exceptions; all mean the same to a user.
    private static async Task<T> GuardAsync<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or InputException))
        {
            throw new InputException(
                $"{path}: this is not a Parquet file, or it is damaged ({e.Message.ReplaceLineEndings(" ")}); write it again",
                e
            );
        }
    }

    private sealed class Row
    {
        [JsonPropertyName("id")]
        public required string Id { get; init; }

        [JsonPropertyName("text")]
        public required string Text { get; init; }

        [JsonPropertyName("metadata")]
        public required string Metadata { get; init; }

        [JsonPropertyName("embedding")]
        public required float[] Embedding { get; init; }

        public static Row Of(Document document) =>
            new()
            {
                Id = document.Id!,
                Text = document.Text,
                Metadata = MetadataJson.Serialize(document.Metadata, document.Id!),
                Embedding = document.Vector!.Value.ToArray(),
            };
    }
}
