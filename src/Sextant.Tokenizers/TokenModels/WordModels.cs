namespace Sextant.Tokenizers.TokenModels;

/// <summary>WordPiece on single words: greedily the longest pieces (Wu et al. 2016, arXiv:1609.08144).</summary>
internal sealed class WordPieceModel(WordPieceVocabulary vocabulary, int maxWordLength, Func<string, int?> find) : TokenModel
{
    public override int UnknownId => vocabulary.UnknownId;

    public override int MaxId => vocabulary.MaxId;

    public override int? Find(string token) => find(token);

    public override void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        int characters = 0;
        foreach (char c in word)
        {
            characters += char.IsLowSurrogate(c) ? 0 : 1;
        }

        if (characters > maxWordLength || !vocabulary.TryTakeApart(word, ids))
        {
            ids.Add(vocabulary.UnknownId);
        }
    }
}

/// <summary>Every word is a token, or unknown.</summary>
internal sealed class WordLevelModel(Dictionary<string, int> vocabulary, int unknownId) : TokenModel
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup = vocabulary.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    public override int UnknownId => unknownId;

    public override int MaxId { get; } = vocabulary.Values.DefaultIfEmpty(-1).Max();

    public override int? Find(string token) => vocabulary.TryGetValue(token, out int id) ? id : null;

    public override void Encode(ReadOnlySpan<char> word, List<int> ids) => ids.Add(_lookup.TryGetValue(word, out int id) ? id : unknownId);
}
