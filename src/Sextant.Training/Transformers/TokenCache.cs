using Sextant.Embedding;

namespace Sextant.Training.Transformers;

/// <summary>The token ids of every text, made when first asked for; queries and documents differ where the model has prompts.</summary>
internal sealed class TokenCache(TransformerDirectory model, IReadOnlyList<string> texts, int maxTokens)
{
    private readonly int[]?[] _queries = new int[]?[texts.Count];
    private readonly int[]?[] _documents = new int[]?[texts.Count];

    public int[] Encode(int text, EmbeddingRole role)
    {
        bool query = role == EmbeddingRole.Query && model.Layout.QueryPrompt != model.Layout.DocumentPrompt;
        return (query ? _queries : _documents)[text] ??= model.Encode(texts[text], role, maxTokens);
    }
}
