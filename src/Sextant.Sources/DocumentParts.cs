using Sextant.Embedding;
using Sextant.Tokenizers;

namespace Sextant.Sources;

/// <summary>How a document of a source becomes the documents of a collection: whole, or in chunks.</summary>
internal static class DocumentParts
{
    private const int DefaultChunkTokens = 256;

    /// <summary>The chunker for these options; <see langword="null"/> where texts stay whole.</summary>
    /// <exception cref="InputException">A chunk length is given, and the model cannot count tokens.</exception>
    public static TextChunker? Chunker(CollectionIndexerOptions options, ITokenCounter? counter, ModelProfile model)
    {
        if (options.ChunkTokens == 0)
            return null;
        if (counter is null)
        {
            return options.ChunkTokens is null
                ? null
                : throw new InputException(
                    $"{model.Name} cannot count tokens, so texts cannot be split into chunks; do not set a chunk length"
                )
                {
                    RelatedOptions = [nameof(CollectionIndexerOptions.ChunkTokens)],
                };
        }

        int most = Math.Min(options.ChunkTokens ?? DefaultChunkTokens, model.MaxTokens ?? int.MaxValue);
        return new(counter, most, options.OverlapTokens);
    }

    /// <summary>The chunks of a document with their ids.</summary>
    public static IEnumerable<(string Id, string Text)> Split(SourceDocument document, TextChunker? chunker) =>
        chunker is null ? [(document.Id, document.Text)] : chunker.Chunk(document).Select(chunk => (chunk.Id, chunk.Text));
}
