using Sextant.Models;
using Sextant.Models.Static;
using Sextant.Training.Encoders;

namespace Sextant.Training.FineTuning;

/// <summary>A static model opened to be trained further, and written out again with other rows.</summary>
internal sealed class StaticBase(StaticEmbeddingModel model)
{
    public StaticEmbeddingModel Model => model;

    /// <summary>The token of each row.</summary>
    public IReadOnlyList<string> Tokens
    {
        get
        {
            string?[] named = model.Tokenizer.Vocabulary.ToTokens();
            return [.. Enumerable.Range(0, model.TokenCount).Select(id => (id < named.Length ? named[id] : null) ?? $"[unused-{id}]")];
        }
    }

    /// <exception cref="InputException">The name does not refer to a static model.</exception>
    public static StaticBase Open(string name)
    {
        ModelFiles? files = name == StaticModelProvider.BuiltInModel ? StaticModelProvider.BuiltInFiles : ModelFiles.InDirectory(name);
        return new StaticBase(
            (files is null ? null : StaticEmbeddingModel.TryLoad(files))
                ?? throw new InputException(
                    $"{name}: not a static model; train {StaticModelProvider.BuiltInModel}, or a folder in the layout of model2vec"
                )
        );
    }

    /// <summary>Every token's vector, one after the other.</summary>
    public float[] ReadRows()
    {
        float[] rows = new float[(long)model.TokenCount * model.Dimensions];
        Parallel.For(0, model.TokenCount, token => model.GetTokenVector(token, rows.AsSpan(token * model.Dimensions, model.Dimensions)));
        return rows;
    }

    public StaticEncoder CreateEncoder(float maxGradientNorm) =>
        new(TokenComposition.Identity(model.TokenCount), model.Dimensions, ReadRows())
        {
            MaxGradientNorm = maxGradientNorm,
            PositionScale = model.PositionScale,
        };

    public void Save(float[] rows, IReadOnlyList<int> matryoshka, string directory)
    {
        new StaticModelWriter
        {
            Tokens = Tokens,
            Rows = rows,
            Dimensions = model.Dimensions,
            Normalization = model.Tokenizer.Normalization,
            Normalize = model.Normalize,
            MatryoshkaDimensions = matryoshka,
            PositionScale = model.PositionScale,
        }.Save(directory);
    }
}
