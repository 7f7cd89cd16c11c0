using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using Sextant.Server.Api.Embeddings;
using Sextant.Server.Api.Search;
using Sextant.Server.Api.VectorStores;
using Sextant.Server.Http;

namespace Sextant.Server.Api;

/// <summary>The description of the interface for programs (<c>/openapi/v1.json</c>) and for people (<c>/docs</c>).</summary>
internal static class Description
{
    public const string Document = "v1";
    private const string KeyScheme = "key";

    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["OpenAI"] = "Embeddings and models, with OpenAI's API",
        ["Files"] = "Uploaded files, with OpenAI's API",
        ["Vector stores"] = "Files that are searched by meaning, with OpenAI's API",
        ["Rerank"] = "Reranking, with the API of Cohere, Jina and vLLM",
        ["Collections"] = "Create, describe, verify and delete collections",
        ["Documents"] = "Add, read, delete and export the documents of a collection",
        ["Search"] = "Search a collection, and its map",
        ["Usage"] = "What keys used of models",
        ["Health"] = "For what starts, stops and watches the service",
    };

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Info = new()
                {
                    Title = "Sextant",
                    Version = Document,
                    Description = "Text embeddings and search by meaning. Errors have OpenAI's shape.",
                    License = new() { Name = "Apache License 2.0", Identifier = "Apache-2.0" },
                };
                // The service does not know by which name it is called.
                document.Servers = [new() { Url = "/", Description = "The service that this description comes from" }];
                document.Tags = Tags.Select(static tag => new OpenApiTag { Name = tag.Key, Description = tag.Value }).ToHashSet();
                document.Components ??= new();
                document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
                document.Components.SecuritySchemes[KeyScheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                };
                document.Security = [new() { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] }];
                return Task.CompletedTask;
            }
        );
        options.AddSchemaTransformer(
            (schema, context, _) =>
            {
                if (context.JsonTypeInfo.Type == typeof(EmbeddingInput))
                {
                    DescribeInput(schema);
                }
                else if (context.JsonTypeInfo.Type == typeof(RerankDocument))
                {
                    DescribeDocument(schema);
                }
                else if (context.JsonTypeInfo.Type == typeof(TextOrTexts))
                {
                    DescribeTexts(schema);
                }
                else if (context.JsonTypeInfo.Type == typeof(JsonObject))
                {
                    // Said aloud, or generators take it for an object without properties.
                    schema.Type = JsonSchemaType.Object;
                    schema.AdditionalProperties = new OpenApiSchema();
                }
                else if (context.JsonTypeInfo.Type == typeof(EmbeddingVector))
                {
                    DescribeVector(schema);
                }
                else if (
                    context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), false)
                    is [AllowedValuesAttribute allowed]
                )
                {
                    schema.Enum = [.. allowed.Values.Select(value => JsonValue.Create((string?)value)!)];
                }

                return Task.CompletedTask;
            }
        );
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        routes
            .MapScalarApiReference(
                "/docs",
                options =>
                {
                    // Its tools lead to services of others, where nothing of ours belongs.
                    options
                        .WithTitle("Sextant")
                        .DisableDefaultFonts()
                        .DisableTelemetry()
                        .HideDeveloperTools()
                        .DisableAgent()
                        .DisableMcp()
                        .HideClientButton();
                    options.OpenApiRoutePattern = "/openapi/{documentName}.json";
                }
            )
            .AddEndpointFilter(
                async (invocation, next) =>
                {
                    invocation.HttpContext.Response.Headers.ContentSecurityPolicy = PagePolicy.Documentation;
                    return await next(invocation);
                }
            );
    }

    private static void DescribeInput(OpenApiSchema schema)
    {
        OpenApiSchema text = new() { Type = JsonSchemaType.String, MinLength = 1 };
        OpenApiSchema tokens = new()
        {
            Type = JsonSchemaType.Array,
            MinItems = 1,
            Items = new OpenApiSchema { Type = JsonSchemaType.Integer },
        };
        schema.OneOf =
        [
            text,
            new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                MinItems = 1,
                Items = text,
            },
            tokens,
            new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                MinItems = 1,
                Items = tokens,
            },
        ];
    }

    private static void DescribeTexts(OpenApiSchema schema)
    {
        OpenApiSchema text = new() { Type = JsonSchemaType.String, MinLength = 1 };
        schema.OneOf =
        [
            text,
            new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                MinItems = 1,
                MaxItems = VectorStoreSearchApi.MaxQueries,
                Items = text,
            },
        ];
    }

    private static void DescribeDocument(OpenApiSchema schema) =>
        schema.OneOf = [
            new OpenApiSchema { Type = JsonSchemaType.String },
            new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
                {
                    ["text"] = new OpenApiSchema { Type = JsonSchemaType.String },
                },
                Required = new HashSet<string>(StringComparer.Ordinal) { "text" },
            },
        ];

    private static void DescribeVector(OpenApiSchema schema) =>
        schema.OneOf = [
            new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.Number },
            },
            new OpenApiSchema { Type = JsonSchemaType.String, Description = "Base64 of little-endian float32 values." },
        ];
}
