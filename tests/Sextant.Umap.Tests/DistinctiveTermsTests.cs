namespace Sextant.Umap.Tests;

public sealed class DistinctiveTermsTests
{
    [Fact]
    public void Group_is_named_by_its_distinctive_terms()
    {
        string[] texts =
        [
            "The shop refunds parcels",
            "A refund for lost parcels",
            "Refunds and parcels of the shop",
            "The shop waters gardens",
            "Water for dry gardens",
            "Gardens need water, says the shop",
        ];

        IReadOnlyList<IReadOnlyList<string>> terms = DistinctiveTerms.Find(texts, [0, 0, 0, 1, 1, 1], 2);

        // "shop" is equally frequent in both groups, so it is distinctive of neither.
        Assert.Equal(
            [
                ["parcels", "refunds"],
                ["gardens", "water"],
            ],
            terms
        );
    }

    [Fact]
    public void Weights_match_the_formula()
    {
        // Four words a group. "alpha": 3 × log(1 + 4 / 3) = 2.54; "common": 1 × log(1 + 4 / 2) = 1.10, in both groups; "beta": 3 × the same
        // as alpha.
        IReadOnlyList<IReadOnlyList<string>> terms = DistinctiveTerms.Find(["alpha alpha alpha common", "beta beta beta common"], [0, 1]);

        Assert.Equal(
            [
                ["alpha", "common"],
                ["beta", "common"],
            ],
            terms
        );
    }

    [Fact]
    public void Text_without_a_group_is_ignored_and_a_group_without_words_has_no_name()
    {
        IReadOnlyList<IReadOnlyList<string>> terms = DistinctiveTerms.Find(["apples", "pears", "12 ! ?", "the"], [0, -1, 1, 2]);

        Assert.Equal(
            [
                ["apples"],
                [],
                [],
            ],
            terms
        );
    }

    [Fact]
    public void Number_of_groups_must_match_the_texts() => Assert.Throws<ArgumentException>(() => DistinctiveTerms.Find(["a", "b"], [0]));
}
