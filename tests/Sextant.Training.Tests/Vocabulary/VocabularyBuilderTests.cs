using Sextant.Tokenizers;
using Sextant.Training.Vocabulary;

namespace Sextant.Training.Tests.Vocabulary;

public class VocabularyBuilderTests
{
    [Fact]
    public void Pieces_are_merged_in_order_of_score()
    {
        // Worked out by hand: l+o 7 times, then lo+w 7 times, then the tie of e+r and n+e … is broken by text.
        var learner = new PieceLearner([new("low", 5), new("lower", 2), new("newer", 6)]);
        Assert.Equal(["##er", "##wer", "lo"], learner.Learn(3));
    }

    [Fact]
    public void Frequent_words_are_tokens_and_every_other_word_can_be_spelled()
    {
        var builder = new VocabularyBuilder();
        for (int i = 0; i < 30; i++)
        {
            builder.Add("The refund arrives, the money returns. Café 24");
        }

        IReadOnlyList<string> tokens = builder.Build(200, 20);
        Assert.Equal("[UNK]", tokens[0]);
        Assert.Equal(tokens.Count, tokens.Distinct().Count());
        Assert.Contains("refund", tokens);
        Assert.Contains("cafe", tokens);
        var tokenizer = new WordPieceTokenizer(new WordPieceVocabulary([.. tokens.Select((token, id) => KeyValuePair.Create(token, id))]));
        var ids = new List<int>();
        tokenizer.Encode("runnerup 4242 mint", ids);
        Assert.DoesNotContain(0, ids);
    }

    [Fact]
    public void Tokenizers_of_this_package_and_of_Microsoft_agree()
    {
        var builder = new VocabularyBuilder();
        for (int i = 0; i < 30; i++)
        {
            builder.Add("how do I get my money back? the refund returns; nothing is lost!");
        }

        IReadOnlyList<string> tokens = builder.Build(150, 30);
        using var stream = new MemoryStream(
            System.Text.Encoding.UTF8.GetBytes(string.Join('\n', [.. tokens, "[CLS]", "[SEP]", "[PAD]", "[MASK]"]) + "\n")
        );
        var theirs = Microsoft.ML.Tokenizers.BertTokenizer.Create(stream);
        var ours = new WordPieceTokenizer(new WordPieceVocabulary([.. tokens.Select((token, id) => KeyValuePair.Create(token, id))]));
        const string Text = "The money got lost, hidden in returns!";
        var ids = new List<int>();
        ours.Encode(Text, ids);
        Assert.Equal(theirs.EncodeToIds(Text, addSpecialTokens: false), ids);
    }
}
