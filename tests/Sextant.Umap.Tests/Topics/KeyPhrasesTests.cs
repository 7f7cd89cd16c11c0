using Sextant.Umap.Topics;

namespace Sextant.Umap.Tests.Topics;

public sealed class KeyPhrasesTests
{
    private static readonly string[] Texts =
    [
        "Keep the gift card in your wallet.",
        "A gift card expires after two years.",
        "You can combine gift cards with a voucher.",
        "Reset the password on the login page.",
        "A strong password has many letters.",
        "Passwords of the login page are never stored.",
    ];

    private static readonly int[] Groups = [0, 0, 0, 1, 1, 1];

    [Fact]
    public void Group_is_named_by_phrases_without_stop_words_and_verbs()
    {
        IReadOnlyList<IReadOnlyList<string>> phrases = KeyPhrases.Find(Texts, Groups, 2);

        Assert.Equal("gift card", phrases[0][0]);
        Assert.Equal(["login page", "password"], phrases[1].Order());
    }

    [Fact]
    public void Phrases_share_no_word_and_no_verb_is_one()
    {
        foreach (IReadOnlyList<string> phrases in KeyPhrases.Find(Texts, Groups, 20))
        {
            string[] words = [.. phrases.SelectMany(phrase => phrase.Split(' '))];
            Assert.Equal(words.Distinct(), words);
            Assert.DoesNotContain("combine", words);
            Assert.DoesNotContain("Reset", words, StringComparer.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("dogs", "dog")]
    [InlineData("cities", "city")]
    [InlineData("boxes", "box")]
    [InlineData("dishes", "dish")]
    [InlineData("glass", "glass")]
    [InlineData("bus", "bus")]
    [InlineData("mother's", "mother")]
    [InlineData("horses", "horse")]
    public void Plurals_and_possessives_count_as_their_singular(string word, string stem) => Assert.Equal(stem, PhraseReader.Stem(word));

    [Fact]
    public void Participles_do_not_name_a_group()
    {
        string[] texts =
        [
            "It was painted on a wall.",
            "Nobody painted the wall.",
            "Walls are painted often.",
            "We eat soup.",
            "The soup is hot.",
        ];
        IReadOnlyList<string> phrases = KeyPhrases.Find(texts, [0, 0, 0, 1, 1])[0];
        Assert.Equal("wall", phrases[0]);
        Assert.DoesNotContain(phrases, phrase => phrase.Contains("painted", StringComparison.Ordinal));
    }

    [Fact]
    public void Short_words_of_other_languages_are_ignored()
    {
        string[] texts =
        [
            "Die Lieferung ist bei der Post.",
            "Wo ist die Lieferung für den Kunden?",
            "Où est la livraison ?",
            "La livraison est là.",
        ];

        IReadOnlyList<IReadOnlyList<string>> phrases = KeyPhrases.Find(texts, [0, 0, 1, 1], 1);

        Assert.Equal(
            [
                ["Lieferung"],
                ["livraison"],
            ],
            phrases
        );
    }

    [Fact]
    public void Text_without_a_group_is_ignored_and_a_group_without_words_has_no_phrases()
    {
        IReadOnlyList<IReadOnlyList<string>> phrases = KeyPhrases.Find(["the apples", "the pears", "12 ! ?", "the"], [0, -1, 1, 2]);

        Assert.Equal(
            [
                ["apples"],
                [],
                [],
            ],
            phrases
        );
        Assert.Empty(KeyPhrases.Find([], []));
        Assert.Throws<ArgumentException>(() => KeyPhrases.Find(["a"], []));
    }
}
