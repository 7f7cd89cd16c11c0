using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Sextant.Sources.Formats.Rows;

/// <summary>A column of one row group as JSON values; dates and times as ISO 8601 text.</summary>
internal sealed record ParquetColumn(string Name, JsonNode?[] Values)
{
    /// <summary>Reads the column, or returns <see langword="null"/> for a type that cannot be metadata (binary, intervals).</summary>
    public static async Task<ParquetColumn?> ReadAsync(ParquetRowGroupReader rows, DataField field, CancellationToken cancellationToken)
    {
        int count = checked((int)rows.RowCount);
        Type type = Nullable.GetUnderlyingType(field.ClrType) ?? field.ClrType;
        if (type == typeof(string) || type == typeof(ReadOnlyMemory<char>))
        {
            string?[] texts = new string?[count];
            await rows.ReadAsync(field, texts.AsMemory()!, null, cancellationToken).ConfigureAwait(false);
            return new(field.Name, Array.ConvertAll(texts, text => text is null ? null : (JsonNode?)JsonValue.Create(text)));
        }

        Task<JsonNode?[]>? values = true switch
        {
            _ when type == typeof(bool) => Typed<bool>(value => value),
            _ when type == typeof(byte) => Typed<byte>(value => value),
            _ when type == typeof(sbyte) => Typed<sbyte>(value => value),
            _ when type == typeof(short) => Typed<short>(value => value),
            _ when type == typeof(ushort) => Typed<ushort>(value => value),
            _ when type == typeof(int) => Typed<int>(value => value),
            _ when type == typeof(uint) => Typed<uint>(value => value),
            _ when type == typeof(long) => Typed<long>(value => value),
            _ when type == typeof(ulong) => Typed<ulong>(value => value),
            _ when type == typeof(float) => Typed<float>(value => float.IsFinite(value) ? value : null),
            _ when type == typeof(double) => Typed<double>(value => double.IsFinite(value) ? value : null),
            _ when type == typeof(decimal) => Typed<decimal>(value => value),
            _ when type == typeof(BigDecimal) => Typed<BigDecimal>(Number),
            _ when type == typeof(Guid) => Typed<Guid>(value => value.ToString()),
            _ when type == typeof(DateTime) => Typed<DateTime>(Iso),
            _ when type == typeof(DateOnly) => Typed<DateOnly>(value => value.ToString("O", CultureInfo.InvariantCulture)),
            _ when type == typeof(TimeOnly) => Typed<TimeOnly>(value => value.ToString("O", CultureInfo.InvariantCulture)),
            _ when type == typeof(TimeSpan) => Typed<TimeSpan>(value => value.ToString("c", CultureInfo.InvariantCulture)),
            _ => null,
        };
        return values is null ? null : new(field.Name, await values.ConfigureAwait(false));

        async Task<JsonNode?[]> Typed<T>(Func<T, JsonNode?> json)
            where T : struct
        {
            if (!field.IsNullable)
            {
                T[] all = new T[count];
                await rows.ReadAsync<T>(field, all.AsMemory(), null, cancellationToken).ConfigureAwait(false);
                return Array.ConvertAll(all, value => json(value));
            }

            var some = new T?[count];
            await rows.ReadAsync<T>(field, some.AsMemory(), null, cancellationToken).ConfigureAwait(false);
            return Array.ConvertAll(some, value => value is { } there ? json(there) : null);
        }
    }

    // All digits, as JSON writes them.
    private static JsonNode? Number(BigDecimal value)
    {
        string digits = BigInteger.Abs(value.UnscaledValue).ToString(CultureInfo.InvariantCulture).PadLeft(value.Scale + 1, '0');
        if (value.Scale > 0)
            digits = digits.Insert(digits.Length - value.Scale, ".");
        return JsonNode.Parse(value.UnscaledValue.Sign < 0 ? $"-{digits}" : digits);
    }

    private static JsonNode Iso(DateTime value) =>
        value.TimeOfDay == TimeSpan.Zero
            ? value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : value.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);
}
