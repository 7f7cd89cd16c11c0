using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models.Words;

namespace Sextant.Models;

/// <summary>
/// Opens files of word vectors (GloVe, word2vec's text form) as models: a text is the mean of the words that the file knows, and a text
/// of none is the zero vector. A baseline to measure other models against.
/// </summary>
public sealed class WordVectorProvider : IModelProvider
{
    /// <inheritdoc />
    public bool Handles(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return WordVectorFile.Recognize(name);
    }

    /// <inheritdoc />
    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Task.Run<IEmbeddingGenerator<string, Embedding<float>>>(
            () =>
            {
                string path = Path.GetFullPath(name);
                WordVectorFile words = WordVectorFile.Load(path);
                return new WordVectorGenerator(
                    words,
                    new ModelProfile
                    {
                        Name = path,
                        Identity = "words",
                        Provider = "sextant",
                        Revision = words.Revision,
                        Dimensions = words.Dimensions,
                        Pooling = "mean",
                    }
                );
            },
            cancellationToken
        );
    }
}
