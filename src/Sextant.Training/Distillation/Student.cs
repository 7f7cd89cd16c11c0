using System.Numerics.Tensors;
using Sextant.Models.Static;
using Sextant.Tokenizers;
using Sextant.Training.Data;
using Sextant.Training.Encoders;
using Sextant.Training.Vocabulary;

namespace Sextant.Training.Distillation;

/// <summary>The static model that learns: its vocabulary, the tokens of the corpus, and the token vectors that it starts with.</summary>
internal sealed class Student
{
    private readonly int[][] _tokens;

    private Student(IReadOnlyList<string> vocabulary, int[][] tokens) => (Vocabulary, _tokens) = (vocabulary, tokens);

    public IReadOnlyList<string> Vocabulary { get; }

    /// <summary>The text that the teacher embeds for each token: pieces without their continuation prefix.</summary>
    public IReadOnlyList<string> TokenTexts =>
        [
            .. Vocabulary.Select(static token =>
                token.StartsWith(WordPieceVocabulary.ContinuationPrefix, StringComparison.Ordinal) && token.Length > 2 ? token[2..] : token
            ),
        ];

    public static Student Create(TeacherTexts texts, DistillationOptions options, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> vocabulary =
            options.Vocabulary ?? (texts.All.Count > 0 ? Learn(texts, options, cancellationToken) : TeacherVocabulary.BuiltIn());
        var tokenizer = new WordPieceTokenizer(
            new WordPieceVocabulary([.. vocabulary.Select(static (token, id) => KeyValuePair.Create(token, id))])
        );
        return new(vocabulary, TextTokens.Encode(tokenizer, texts.All, options.MaxTokens));
    }

    public StaticTextEncoder CreateEncoder(TeacherSpace space, float[][] tokenVectors, DistillationOptions options)
    {
        int dimensions = space.Dimensions;
        float[] rows = new float[(long)Vocabulary.Count * dimensions];
        float[] weights = Weights(options.FrequencySmoothing);
        Parallel.For(
            0,
            Vocabulary.Count,
            token =>
            {
                Span<float> row = rows.AsSpan(token * dimensions, dimensions);
                space.Project(tokenVectors[token], row);
                TensorPrimitives.Multiply(row, weights[token], row);
            }
        );
        return new(new StaticEncoder(TokenComposition.Identity(Vocabulary.Count), dimensions, rows), _tokens);
    }

    public void Save(float[] rows, int dimensions, IReadOnlyList<int> matryoshka, string directory) =>
        new StaticModelWriter
        {
            Tokens = Vocabulary,
            Rows = rows,
            Dimensions = dimensions,
            MatryoshkaDimensions = matryoshka,
        }.Save(directory);

    private static IReadOnlyList<string> Learn(TeacherTexts texts, DistillationOptions options, CancellationToken cancellationToken)
    {
        var builder = new VocabularyBuilder();
        foreach (string text in texts.All.Take(texts.Trained))
        {
            cancellationToken.ThrowIfCancellationRequested();
            builder.Add(text);
        }

        return builder.Build(options.VocabularySize, options.WordPieces);
    }

    private float[] Weights(float smoothing)
    {
        double[] counts = new double[Vocabulary.Count];
        foreach (int token in _tokens.SelectMany(static tokens => tokens))
        {
            counts[token]++;
        }

        // Without a corpus, Zipf's law: vocabularies list frequent tokens first.
        if (_tokens.Length == 0)
        {
            counts = [.. Enumerable.Range(1, counts.Length).Select(static rank => 1.0 / rank)];
        }

        double total = counts.Sum();
        return Array.ConvertAll(counts, count => smoothing > 0 ? (float)(smoothing / (smoothing + (count / total))) : 1);
    }
}
