using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;
using Sextant.Embedding;
using Sextant.Server.Http;
using Sextant.Server.Keys;
using Sextant.Server.Models;

namespace Sextant.Server.Api.Embeddings;

/// <summary>OpenAI's embeddings interface: a client of theirs is a client of ours by its base URL.</summary>
internal static class EmbeddingsApi
{
    /// <summary>
    /// Clients that send tokens use OpenAI's encoding for every model (LangChain does), so tokens are decoded with it.
    /// </summary>
    private static readonly Lazy<TiktokenTokenizer> Cl100k = new(() => TiktokenTokenizer.CreateForEncoding("cl100k_base"));

    private const int Cl100kTokens = 100_256;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/embeddings", CreateAsync)
            .WithName("createEmbeddings")
            .WithTags("OpenAI")
            .WithSummary("Embeds texts, with OpenAI's API.");
        routes
            .MapGet("/models", List)
            .WithName("listModels")
            .WithTags("OpenAI")
            .WithSummary("Lists the available models.")
            .Needs(KeyRights.None, RightScope.None);
        routes
            .MapGet("/models/{**id}", Get)
            .WithName("getModel")
            .WithTags("OpenAI")
            .WithSummary("Describes a model.")
            .Needs(KeyRights.None, RightScope.None);
    }

    private static Ok<ModelList> List(ServedModels models) =>
        TypedResults.Ok(new ModelList("list", [.. models.Names.Select(name => Describe(name, models))]));

    private static Ok<ModelInfo> Get(string? id, HttpContext context, ServedModels models)
    {
        // v1, models: what follows is the name, which may hold slashes.
        id = Address.After(context, 2, "id");
        return models.Names.Contains(id, StringComparer.Ordinal)
            ? TypedResults.Ok(Describe(id, models))
            : throw ServiceException.NoModel(id);
    }

    public static ModelInfo Describe(string name, ServedModels models) => new(name, "model", models.Since.ToUnixTimeSeconds(), "sextant");

    private static async Task<WrittenJson<EmbeddingsResponse>> CreateAsync(
        EmbeddingsRequest request,
        ServedModels models,
        ServerOptions options,
        CancellationToken cancellationToken
    )
    {
        bool base64 = request.EncodingFormat switch
        {
            null or "float" => false,
            "base64" => true,
            _ => throw ServiceException.BadRequest(
                $"'{request.EncodingFormat}' is not one of ['float', 'base64'] - 'encoding_format'",
                "encoding_format"
            ),
        };
        EmbeddingRole role = request.InputType switch
        {
            null or "document" => EmbeddingRole.Document,
            "query" => EmbeddingRole.Query,
            _ => throw ServiceException.BadRequest(
                $"'{request.InputType}' is not one of ['document', 'query'] - 'input_type'",
                "input_type"
            ),
        };
        ServedModel model = await models.GetAsync(request.Model, cancellationToken);
        RequireDimensions(request.Dimensions, model);
        IReadOnlyList<string> texts = Texts(request.Input, options);
        long? counted = model.CountsByItself(texts, options.MaxInputTokens) ? null : CountTokens(texts, model, options);
        EmbeddingGenerationOptions how = new EmbeddingGenerationOptions { Dimensions = request.Dimensions }.WithRole(role);
        GeneratedEmbeddings<Embedding<float>> generated = await model.Generator.GenerateAsync(texts, how, cancellationToken);
        long tokens = counted ?? generated.Usage!.InputTokenCount!.Value;
        return new(body => EmbeddingsWriter.Write(body, generated, base64, request.Model, tokens));
    }

    private static void RequireDimensions(int? dimensions, ServedModel model)
    {
        if (dimensions < 1)
            throw ServiceException.BadRequest("'dimensions' must be at least 1.", "dimensions");
        if (dimensions > model.Profile?.Dimensions)
        {
            throw ServiceException.BadRequest(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Invalid value for 'dimensions' = {dimensions}. Must be less than or equal to {model.Profile!.Dimensions}."
                ),
                "dimensions"
            );
        }
    }

    private static IReadOnlyList<string> Texts(EmbeddingInput input, ServerOptions options)
    {
        if (input.Count == 0)
            throw ServiceException.BadRequest("'input' cannot be an empty array.", "input");
        if (input.Count > options.MaxInputs)
            throw ServiceException.TooLarge($"'input' has {input.Count} texts", options.MaxInputs, "input");
        IReadOnlyList<string> texts = input.Texts ?? [.. input.Tokens!.Select(Decode)];
        for (int i = 0; i < texts.Count; i++)
        {
            if (texts[i].Length == 0)
            {
                throw ServiceException.BadRequest(
                    texts.Count == 1 ? "'input' cannot be an empty string." : $"'input[{i}]' cannot be empty.",
                    "input"
                );
            }
        }

        return texts;
    }

    private static string Decode(int[] tokens)
    {
        foreach (int token in tokens)
        {
            if (token is < 0 or >= Cl100kTokens)
            {
                throw ServiceException.BadRequest(
                    $"'input' has {token}, which is not a token of cl100k_base, the encoding of token arrays.",
                    "input"
                );
            }
        }

        return Cl100k.Value.Decode(tokens);
    }

    private static long CountTokens(IReadOnlyList<string> texts, ServedModel model, ServerOptions options)
    {
        long all = 0;
        foreach (string text in texts)
        {
            int tokens = model.Count(text);
            all += tokens;
            if (model.CountsExactly && tokens > model.Profile?.MaxTokens)
            {
                throw ServiceException.BadRequest(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"This model's maximum context length is {model.Profile.MaxTokens} tokens, however you requested {tokens} "
                            + $"tokens. Please reduce your input."
                    ),
                    "input",
                    "context_length_exceeded"
                );
            }
        }

        return all <= options.MaxInputTokens
            ? all
            : throw new ServiceException(
                400,
                string.Create(CultureInfo.InvariantCulture, $"Requested {all} tokens, max {options.MaxInputTokens} tokens per request"),
                "input",
                "max_tokens_per_request",
                "max_tokens_per_request"
            );
    }
}
