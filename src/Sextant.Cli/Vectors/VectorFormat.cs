namespace Sextant.Cli.Vectors;

/// <summary>How vectors are written.</summary>
internal enum VectorFormat
{
    /// <summary>One <c>{"text","embedding"}</c> a line.</summary>
    JsonLines,

    /// <summary>The text and one column a dimension.</summary>
    Csv,

    /// <summary>A NumPy array of float32, one row a text.</summary>
    Npy,

    /// <summary>Columns <c>text</c> and <c>embedding</c>.</summary>
    Parquet,
}

/// <summary>Chooses a format from what the user wrote.</summary>
internal static class VectorFormats
{
    /// <summary>The format named by <c>--format</c>, else by the file's extension, else JSON lines.</summary>
    public static VectorFormat Choose(string? named, string? path) =>
        (named ?? Path.GetExtension(path)?.TrimStart('.')) switch
        {
            "csv" => VectorFormat.Csv,
            "npy" => VectorFormat.Npy,
            "parquet" => VectorFormat.Parquet,
            null or "" or "json" or "jsonl" => VectorFormat.JsonLines,
            { } other => throw new InputException($"unknown format '.{other}'; add --format jsonl, csv, npy or parquet"),
        };
}
