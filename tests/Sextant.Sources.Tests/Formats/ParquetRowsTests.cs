using System.Globalization;
using System.Numerics;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Sextant.Sources.Tests.Formats;

public sealed class ParquetRowsTests : SourceTest
{
    [Fact]
    public async Task Rows_of_all_row_groups_have_their_types()
    {
        string source = await WriteParquetAsync();

        List<SourceDocument> documents = await ReadAsync(source);

        Assert.Equal(["first", "second", "third", "fourth"], documents.Select(d => d.Text));
        Assert.Equal([1, 2, 3, 4], documents.Select(d => d.Line));
        Assert.Equal("""{"year":2024,"score":0.5,"new":true,"day":"2024-02-29"}""", documents[0].Metadata.ToJsonString());
        Assert.Equal(
            """{"score":1.5,"new":false,"day":"2024-03-01T12:30:00"}""",
            documents[1].Metadata.ToJsonString().Replace("Z", "", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Decimals_keep_all_digits()
    {
        DataField<string> text = new("text");
        BigDecimalDataField price = new("price", 38, 2);
        DecimalDataField small = new("small", 9, 3);
        using MemoryStream stream = new();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(text, price, small), stream))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(text, new[] { "a", "b" });
            await group.WriteAsync<BigDecimal>(
                price,
                new BigDecimal[]
                {
                    new(BigInteger.Parse("12345678901234567890123456789012345678", CultureInfo.InvariantCulture), 38, 2),
                    new(-5, 38, 2),
                }.AsMemory()
            );
            await group.WriteAsync<decimal>(small, new[] { 1.5m, -1234.567m }.AsMemory());
        }

        List<SourceDocument> rows = await ReadAsync(Write("a.parquet", stream.ToArray()));

        Assert.Equal(
            ["""{"price":123456789012345678901234567890123456.78,"small":1.500}""", """{"price":-0.05,"small":-1234.567}"""],
            rows.Select(d => d.Metadata.ToJsonString())
        );
    }

    [Fact]
    public async Task Truncated_or_changed_Parquet_file_is_read_or_rejected_by_name()
    {
        byte[] bytes = await File.ReadAllBytesAsync(await WriteParquetAsync());
        int footer = bytes.Length - 8 - BitConverter.ToInt32(bytes, bytes.Length - 8);
        for (int i = 0; i < bytes.Length; i += 7)
        {
            await ReadsOrRefusesAsync(bytes[..i]);
            if (i >= footer)
                continue;
            byte[] damaged = (byte[])bytes.Clone();
            damaged[i] ^= 0xFF;
            await ReadsOrRefusesAsync(damaged);
        }
    }

    private async Task ReadsOrRefusesAsync(byte[] bytes)
    {
        string source = Write("damaged.parquet", bytes);
        try
        {
            await ReadAsync(source);
        }
        catch (InputException e)
        {
            Assert.StartsWith(source, e.Message, StringComparison.Ordinal);
        }
    }

    private async Task<string> WriteParquetAsync()
    {
        DataField<string> text = new("text");
        DataField<int?> year = new("year");
        DataField<double> score = new("score");
        DataField<bool> isNew = new("new");
        DateTimeDataField day = new("day", DateTimeFormat.Timestamp);
        ParquetSchema schema = new(text, year, score, isNew, day);
        using MemoryStream stream = new();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream))
        {
            foreach (string[] texts in new string[][] { ["first", "second"], ["third", "fourth"] })
            {
                using ParquetRowGroupWriter group = writer.CreateRowGroup();
                await group.WriteAsync(text, texts);
                await group.WriteAsync<int>(year, new int?[] { 2024, null }.AsMemory());
                await group.WriteAsync<double>(score, new[] { 0.5, 1.5 }.AsMemory());
                await group.WriteAsync<bool>(isNew, new[] { true, false }.AsMemory());
                await group.WriteAsync<DateTime>(day, new[] { new DateTime(2024, 2, 29), new DateTime(2024, 3, 1, 12, 30, 0) }.AsMemory());
                group.CompleteValidate();
            }
        }

        return Write("rows.parquet", stream.ToArray());
    }
}
