using System.CommandLine;
using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Plotting;

namespace Sextant.Cli.Commands.Plotting;

/// <summary>The similarity of every point to a text, as a field of a map.</summary>
internal static class QueryScores
{
    /// <summary>The name of the field.</summary>
    public const string Field = "score";

    /// <exception cref="InputException">The vectors are not from the model that embeds the query.</exception>
    public static async Task<MapField> ComputeAsync(
        ParseResult parsed,
        PlotRequest request,
        PlotPoints points,
        CancellationToken cancellationToken
    )
    {
        ReadOnlyMemory<float> query = await EmbedAsync(parsed, request, cancellationToken);
        if (points.All[0].Vector.Length != query.Length)
        {
            throw new InputException(
                $"{request.Source}: the vectors have {points.All[0].Vector.Length} dimensions, that of the query has {query.Length}; "
                    + "name their model with --model"
            );
        }

        return MapField.OfNumbers(Field, [.. points.All.Select(point => Cosine(point.Vector.Span, query.Span))]);
    }

    private static async Task<ReadOnlyMemory<float>> EmbedAsync(
        ParseResult parsed,
        PlotRequest request,
        CancellationToken cancellationToken
    )
    {
        if (await ChosenModel.IsCollectionAsync(parsed, request.Source, cancellationToken))
        {
            await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
                request.Source,
                ChosenModel.Engine(parsed, createIfMissing: false),
                cancellationToken
            );
            return (await engine.EmbedAsync([request.Query!], EmbeddingRole.Query, cancellationToken))[0];
        }

        using IEmbeddingGenerator<string, Embedding<float>> model = await ChosenModel.OpenAsync(parsed, cancellationToken);
        return await model.EmbedQueryAsync(request.Query!, cancellationToken: cancellationToken);
    }

    /// <summary>A vector of zeros has no direction, so nothing is similar to it.</summary>
    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float lengths = TensorPrimitives.Norm(a) * TensorPrimitives.Norm(b);
        return lengths > 0 ? TensorPrimitives.Dot(a, b) / lengths : 0;
    }
}
