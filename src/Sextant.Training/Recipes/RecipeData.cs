using Sextant.Tokenizers;
using Sextant.Training.Data;
using Sextant.Training.FineTuning;
using Sextant.Training.Numerics;
using Sextant.Training.Vocabulary;

namespace Sextant.Training.Recipes;

/// <summary>The data of a recipe, read, without held-out texts, and tokenized with a vocabulary learned from it.</summary>
internal sealed class RecipeData
{
    private const int ShortestWord = 3;

    public required IReadOnlyList<PairSource> Sources { get; init; }

    public required IReadOnlyList<string> Vocabulary { get; init; }

    /// <summary>The token ids of every text.</summary>
    public required IReadOnlyList<int[]> Tokens { get; init; }

    /// <summary>Pairs left out because one of their texts is held back for evaluation.</summary>
    public required int HeldBackPairs { get; init; }

    /// <summary>Texts to match the teachers on; their token ids follow those of the pairs' texts.</summary>
    public IReadOnlyList<string> TeacherTexts { get; init; } = [];

    /// <summary>The rows of <see cref="TeacherTexts"/>.</summary>
    public IReadOnlyList<PairSource> TeacherSources { get; init; } = [];

    /// <summary>The id of the first of <see cref="TeacherTexts"/>.</summary>
    public int FirstTeacherText => Tokens.Count - TeacherTexts.Count;

    public int PairCount => Sources.Sum(static source => source.Pairs.Count);

    /// <param name="recipe">The recipe.</param>
    /// <param name="start">The model whose vocabulary to keep; <see langword="null"/> to learn one.</param>
    /// <param name="dataDirectory">The folder of the recipe's files.</param>
    /// <param name="log">Receives a summary of the data.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public static RecipeData Load(
        StaticModelRecipe recipe,
        StaticBase? start,
        string dataDirectory,
        Action<string> log,
        CancellationToken cancellationToken
    )
    {
        var heldBack = new HeldBackTexts();
        foreach (string file in recipe.HeldBack)
        {
            heldBack.AddFile(Path.Combine(dataDirectory, file));
        }

        var pool = new TextPool();
        int removed = 0;
        var sources = new List<PairSource>();
        foreach (RecipeSource source in recipe.Sources)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = new SeededRandom(SeededRandom.Derive(recipe.Seed, (ulong)sources.Count + 1, 5));
            IEnumerable<PairRow> rows = Rows(source, Path.Combine(dataDirectory, source.File), heldBack, random);
            sources.AddRange(Sort(source, rows, heldBack, pool, ref removed));
        }

        log(
            $"{sources.Sum(static source => source.Pairs.Count):N0} pairs of {pool.Texts.Count:N0} texts; "
                + $"{removed:N0} pairs skipped, because one of their texts is in an evaluation set"
        );
        IReadOnlyList<string> vocabulary = start?.Tokens ?? LearnVocabulary(recipe, pool, cancellationToken);
        log($"{vocabulary.Count:N0} tokens");
        (TextPool taught, List<PairSource> teacherSources) = ReadTeacherTexts(
            recipe,
            vocabulary,
            dataDirectory,
            heldBack,
            pool.Texts.Count
        );
        return new RecipeData
        {
            Sources = sources,
            Vocabulary = vocabulary,
            Tokens = Tokenize([.. pool.Texts, .. taught.Texts], vocabulary, recipe.MaxTokens),
            TeacherTexts = taught.Texts,
            TeacherSources = teacherSources,
            HeldBackPairs = removed,
        };
    }

    private static (TextPool Texts, List<PairSource> Sources) ReadTeacherTexts(
        StaticModelRecipe recipe,
        IReadOnlyList<string> vocabulary,
        string dataDirectory,
        HeldBackTexts heldBack,
        int firstText
    )
    {
        var texts = new TextPool();
        var sources = new List<PairSource>();
        foreach (RecipeSource source in recipe.Distillation?.Sources ?? [])
        {
            TrainingPair[] rows =
            [
                .. Read(source, Path.Combine(dataDirectory, source.File))
                    .Where(row => !IsHeldBack(row, heldBack, withNegatives: false))
                    .Select(row => new TrainingPair(firstText + texts.Add(Cut(row.Anchor)), firstText + texts.Add(Cut(row.Positive)))),
            ];
            sources.Add(new PairSource(source.File, rows, source.Weight, recipe.Distillation!.Batch));
        }

        if (recipe.Distillation is { WordWeight: > 0 and var weight })
        {
            TrainingPair[] rows =
            [
                .. vocabulary
                    .Where(static token => token.Length >= ShortestWord && char.IsLetterOrDigit(token[0]))
                    .Chunk(2)
                    .Select(words => new TrainingPair(firstText + texts.Add(words[0]), firstText + texts.Add(words[^1]))),
            ];
            sources.Add(new PairSource("words", rows, weight, recipe.Distillation.Batch));
        }

        return (texts, sources);

        string Cut(string text)
        {
            int word = 0;
            foreach (Range part in text.AsSpan().Split(' '))
            {
                if (++word == recipe.Distillation!.MaxWords)
                {
                    return text[..part.End.GetOffset(text.Length)];
                }
            }

            return text;
        }
    }

    private static IEnumerable<PairRow> Rows(RecipeSource source, string path, HeldBackTexts heldBack, SeededRandom random)
    {
        IEnumerable<PairRow> rows = Read(source, path);
        // A sample of a text that is held back would no longer be known as one.
        return source.AdjacentSentences ? AdjacentSentences.Create(rows)
            : source.WordSamples ? WordSamples.Create(rows.Where(row => !IsHeldBack(row, heldBack, withNegatives: false)), random)
            : rows;
    }

    private static IEnumerable<PairRow> Read(RecipeSource source, string path) =>
        PairReader.Read(path).Where((_, i) => i % source.Every == 0);

    private static bool IsHeldBack(PairRow row, HeldBackTexts heldBack, bool withNegatives) =>
        heldBack.Contains(row.Anchor) || heldBack.Contains(row.Positive) || (withNegatives && row.Negatives.Any(heldBack.Contains));

    private static IEnumerable<PairSource> Sort(
        RecipeSource source,
        IEnumerable<PairRow> rows,
        HeldBackTexts heldBack,
        TextPool pool,
        ref int removed
    )
    {
        var kinds = new SortedDictionary<string, List<TrainingPair>>(StringComparer.Ordinal);
        foreach (PairRow row in rows)
        {
            if (IsHeldBack(row, heldBack, withNegatives: !source.ThirdColumnIsKind))
            {
                removed++;
            }
            else
            {
                string kind = source.ThirdColumnIsKind
                    ? row.Negatives is [string first, ..]
                        ? first
                        : ""
                    : "";
                if (!kinds.TryGetValue(kind, out List<TrainingPair>? pairs))
                {
                    kinds.Add(kind, pairs = []);
                }

                pairs.Add(
                    new TrainingPair(
                        pool.Add(row.Anchor),
                        pool.Add(row.Positive),
                        source.ThirdColumnIsKind ? null : TrainingPair.AddNegatives(row, pool)
                    )
                );
            }
        }

        return kinds.Select(kind => new PairSource(
            source.File + kind.Key,
            kind.Value,
            source.KindWeights.GetValueOrDefault(kind.Key, source.Weight)
        ));
    }

    private static IReadOnlyList<string> LearnVocabulary(StaticModelRecipe recipe, TextPool pool, CancellationToken cancellationToken)
    {
        var builder = new VocabularyBuilder();
        foreach (string text in pool.Texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            builder.Add(text);
        }

        return builder.Build(recipe.VocabularySize, recipe.WordPieces);
    }

    private static int[][] Tokenize(IReadOnlyList<string> texts, IReadOnlyList<string> vocabulary, int maxTokens)
    {
        var tokenizer = new WordPieceTokenizer(
            new WordPieceVocabulary([.. vocabulary.Select(static (token, id) => KeyValuePair.Create(token, id))])
        );
        return TextTokens.Encode(tokenizer, texts, maxTokens);
    }
}
