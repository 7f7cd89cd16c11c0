namespace Sextant.Sources.Transfer;

/// <summary>Chooses a format by the name of a file.</summary>
internal static class InterchangeFormats
{
    /// <exception cref="InputException">The format cannot be derived from the name.</exception>
    public static InterchangeFormat OfPath(string path) =>
        Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => InterchangeFormat.JsonLines,
            ".parquet" => InterchangeFormat.Parquet,
            ".npy" => InterchangeFormat.Npy,
            ".fvecs" => InterchangeFormat.Fvecs,
            ".ivecs" => InterchangeFormat.Ivecs,
            ".faiss" or ".index" => InterchangeFormat.Faiss,
            _ => throw new InputException(
                $"{path}: its extension is not a known format; choose one of jsonl, parquet, npy, fvecs, ivecs, faiss and faiss-flat"
            )
            {
                RelatedOptions = [nameof(CollectionImportOptions.Format)],
            },
        };

    /// <summary>Whether the format has room for vectors only.</summary>
    public static bool IsVectorsOnly(this InterchangeFormat format) =>
        format is not (InterchangeFormat.JsonLines or InterchangeFormat.Parquet);
}
