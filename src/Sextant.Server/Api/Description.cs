using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using Sextant.Server.Api.Embeddings;
using Sextant.Server.Http;

namespace Sextant.Server.Api;

/// <summary>The description of the interface for programs (<c>/openapi/v1.json</c>) and for people (<c>/docs</c>).</summary>
internal static class Description
{
    public const string Document = "v1";
    private const string KeyScheme = "key";

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
                };
                document.Servers?.Clear();
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
