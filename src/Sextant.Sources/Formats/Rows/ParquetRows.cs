using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;

namespace Sextant.Sources.Formats.Rows;

/// <summary>Parquet: a document a row, one row group in memory at a time. Lists, maps and binary columns are left out.</summary>
internal static class ParquetRows
{
    /// <summary>A row group is held whole, and a few bytes of file can claim any number of rows.</summary>
    private const long MaxRowsInGroup = 8 * 1024 * 1024;

    /// <summary>A footer is a few kilobytes, but a damaged one can send the library round in circles.</summary>
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(20);

    /// <summary>Decimals of more digits than .NET's own are numbers too.</summary>
    private static readonly ParquetOptions Options = new() { UseBigDecimal = true };

    public static async IAsyncEnumerable<SourceDocument> ReadAsync(
        SourceFile file,
        SourceScope scope,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        RowMapper mapper = new(scope, hasAllFields: true);
        int row = 0;
        await foreach (JsonObject fields in FieldsAsync(file, scope, lists: false, cancellationToken).ConfigureAwait(false))
        {
            if (mapper.Map(fields, ++row) is { } document)
                yield return document;
        }
    }

    /// <summary>The rows themselves, with a field for every column that is read.</summary>
    /// <param name="file">The file.</param>
    /// <param name="scope">Opens it, and names it in messages.</param>
    /// <param name="lists">Whether columns of lists are read too, as JSON arrays.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public static async IAsyncEnumerable<JsonObject> FieldsAsync(
        SourceFile file,
        SourceScope scope,
        bool lists,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (scope.Open(file) is not { } stream)
            yield break;
        await using (stream.ConfigureAwait(false))
        {
            ParquetReader reader = await GuardAsync(
                    scope,
                    () =>
                        Task.Run(
                                () => ParquetReader.CreateAsync(stream, Options, leaveStreamOpen: true, cancellationToken),
                                cancellationToken
                            )
                            .WaitAsync(OpenLimit, cancellationToken)
                )
                .ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                for (int group = 0; group < reader.RowGroupCount; group++)
                {
                    int index = group;
                    IReadOnlyList<ParquetColumn> columns = await GuardAsync(
                            scope,
                            () => ColumnsAsync(reader, index, scope, lists, cancellationToken)
                        )
                        .ConfigureAwait(false);
                    int rows = columns.Count == 0 ? 0 : columns[0].Values.Length;
                    for (int i = 0; i < rows; i++)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        JsonObject fields = [];
                        foreach (ParquetColumn column in columns)
                            fields[column.Name] = column.Values[i];
                        yield return fields;
                    }
                }
            }
        }
    }

    private static async Task<IReadOnlyList<ParquetColumn>> ColumnsAsync(
        ParquetReader reader,
        int group,
        SourceScope scope,
        bool lists,
        CancellationToken cancellationToken
    )
    {
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
        if (rows.RowCount is < 0 or > MaxRowsInGroup)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{scope.Source}: row group {group + 1} has {rows.RowCount} rows, and the limit is {MaxRowsInGroup}; write it "
                        + $"with smaller row groups"
                )
            );
        }

        List<ParquetColumn> columns = [];
        foreach (DataField field in reader.Schema.GetDataFields())
        {
            if (
                lists
                && field is { MaxRepetitionLevel: 1, Path.Length: 1 }
                && await ParquetLists.ReadAsync(rows, field.Name, field, scope, cancellationToken).ConfigureAwait(false) is { } repeated
            )
            {
                columns.Add(repeated);
                continue;
            }

            // Nested columns have several values per row, or no values.
            if (field.MaxRepetitionLevel > 0 || field.Path.Length > 1 || columns.Any(c => c.Name == field.Name))
                continue;
            if (await ParquetColumn.ReadAsync(rows, field, cancellationToken).ConfigureAwait(false) is { } column)
                columns.Add(column);
        }

        foreach (ListField list in lists ? reader.Schema.Fields.OfType<ListField>() : [])
        {
            if (await ParquetLists.ReadAsync(rows, list, scope, cancellationToken).ConfigureAwait(false) is { } column)
                columns.Add(column);
        }

        return columns;
    }

    // The library reports damage with many kinds of exceptions; all mean the same to a user.
    private static async Task<T> GuardAsync<T>(SourceScope scope, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or InputException))
        {
            throw new InputException(
                $"{scope.Source}: this is not a Parquet file, or it is damaged ({e.Message.ReplaceLineEndings(" ")}); write it again",
                e
            );
        }
    }
}
