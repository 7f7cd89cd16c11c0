using System.Globalization;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Sextant.Sources.Formats.Rows;

/// <summary>
/// A column of one row group whose rows are lists of texts or numbers, as JSON arrays. The file holds the values of all rows one after the
/// other; a repetition level of 0 begins a row, and a definition level below the highest stands where nothing is (Melnik et al. 2010,
/// "Dremel").
/// </summary>
internal static class ParquetLists
{
    /// <summary>A few bytes of file can claim any number of values, and all of a row group's are held at once.</summary>
    private const long MaxValues = 16 * 1024 * 1024;

    /// <summary>Reads the column, or gives <see langword="null"/> for lists of anything else.</summary>
    public static async Task<ParquetColumn?> ReadAsync(
        ParquetRowGroupReader rows,
        ListField list,
        SourceScope scope,
        CancellationToken cancellationToken
    )
    {
        return list.Item is DataField item ? await ReadAsync(rows, list.Name, item, scope, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>Reads a repeated column without a list type, as in files from before list types existed.</summary>
    public static async Task<ParquetColumn?> ReadAsync(
        ParquetRowGroupReader rows,
        string name,
        DataField item,
        SourceScope scope,
        CancellationToken cancellationToken
    )
    {
        long claimed = rows.GetMetadata(item)?.MetaData?.NumValues ?? 0;
        if (claimed is < 0 or > MaxValues)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{scope.Source}: column '{name}' has {claimed} values in a row group, and the limit is {MaxValues}; write it "
                        + $"with smaller row groups"
                )
            );
        }

        Type type = Nullable.GetUnderlyingType(item.ClrType) ?? item.ClrType;
        Task<JsonNode?[]>? values = true switch
        {
            _ when type == typeof(string) || type == typeof(ReadOnlyMemory<char>) => Typed<ReadOnlyMemory<char>>(value => value.ToString()),
            _ when type == typeof(bool) => Typed<bool>(value => value),
            _ when type == typeof(int) => Typed<int>(value => value),
            _ when type == typeof(long) => Typed<long>(value => value),
            _ when type == typeof(float) => Typed<float>(value => float.IsFinite(value) ? value : null),
            _ when type == typeof(double) => Typed<double>(value => double.IsFinite(value) ? value : null),
            _ => null,
        };
        return values is null ? null : new(name, await values.ConfigureAwait(false));

        async Task<JsonNode?[]> Typed<T>(Func<T, JsonNode?> json)
            where T : struct
        {
            using RawColumnData raw = await rows.ReadRawColumnDataBaseAsync(item, cancellationToken).ConfigureAwait(false);
            return Rows(
                ((RawColumnData<T>)raw).Values,
                raw.RepetitionLevels,
                raw.DefinitionLevels,
                item.MaxDefinitionLevel,
                checked((int)rows.RowCount),
                json
            );
        }
    }

    /// <summary>Null items are left out of a list; a null list becomes an empty one.</summary>
    private static JsonNode?[] Rows<T>(
        ReadOnlySpan<T> values,
        ReadOnlySpan<int> repetitions,
        ReadOnlySpan<int> definitions,
        int present,
        int count,
        Func<T, JsonNode?> json
    )
    {
        var lists = new List<JsonArray>(count);
        int next = 0;
        for (int i = 0; i < repetitions.Length; i++)
        {
            if (repetitions[i] == 0)
                lists.Add([]);
            if (lists.Count == 0)
                throw new InvalidDataException("a list starts with its second value");
            if (definitions[i] == present)
                lists[^1].Add(json(values[next++]));
        }

        return lists.Count == count ? [.. lists] : throw new InvalidDataException($"{lists.Count} lists in {count} rows");
    }
}
