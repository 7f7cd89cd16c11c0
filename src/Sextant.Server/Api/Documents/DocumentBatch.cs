using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sextant.Search;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Documents;

/// <summary>
/// Reads the documents of a request in any of its forms: an object, an array, one document, or JSON Lines as they come in.
/// </summary>
internal static class DocumentBatch
{
    public const string JsonLines = "application/x-ndjson";

    public static async Task<List<DocumentInput>> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        string type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        List<DocumentInput> documents = type switch
        {
            "application/json" => await ReadJsonAsync(request, cancellationToken),
            JsonLines or "application/jsonl" => await ReadLinesAsync(request.BodyReader, most, cancellationToken),
            _ => throw new ServiceException(415, $"Send documents as application/json or {JsonLines}.", null, "unsupported_media_type"),
        };
        if (documents.Count == 0)
            throw ServiceException.BadRequest("The body has no documents.", "documents");
        return documents.Count <= most ? documents : throw ServiceException.TooLarge($"{documents.Count} documents", most, "documents");
    }

    private static async Task<List<DocumentInput>> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using JsonDocument body = await ParseAsync(request.Body, cancellationToken);
        JsonElement root = body.RootElement;
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("documents", out JsonElement inside))
        {
            foreach (JsonProperty other in root.EnumerateObject())
            {
                if (!other.NameEquals("documents"))
                    throw ServiceException.BadRequest($"Unrecognized request argument supplied: {other.Name}");
            }

            root = inside;
            if (root.ValueKind != JsonValueKind.Array)
                throw ServiceException.BadRequest("'documents' must be an array.", "documents");
        }

        if (root.ValueKind == JsonValueKind.Object)
            return [Read(() => root.Deserialize<DocumentInput>(ServerJson.Options), "the document")];
        if (root.ValueKind != JsonValueKind.Array)
            throw ServiceException.BadRequest("The body must be {\"documents\": […]}, an array of documents, or one document.");
        List<DocumentInput> documents = new(root.GetArrayLength());
        foreach (JsonElement item in root.EnumerateArray())
        {
            documents.Add(
                Read(
                    () => item.Deserialize<DocumentInput>(ServerJson.Options),
                    string.Create(CultureInfo.InvariantCulture, $"documents[{documents.Count}]")
                )
            );
        }

        return documents;
    }

    private static async Task<JsonDocument> ParseAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonDocument.ParseAsync(
                body,
                new() { AllowDuplicateProperties = false, MaxDepth = ServerJson.MaxDepth },
                cancellationToken
            );
        }
        catch (InvalidOperationException e)
        {
            // Names are decoded to find those that come twice.
            throw JsonComplaint.Create(e);
        }
    }

    private static async Task<List<DocumentInput>> ReadLinesAsync(PipeReader reader, int most, CancellationToken cancellationToken)
    {
        List<DocumentInput> documents = [];
        int line = 0;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> rest = read.Buffer;
            try
            {
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    Add(rest.Slice(0, end));
                    rest = rest.Slice(rest.GetPosition(1, end));
                }

                if (read.IsCompleted)
                {
                    Add(rest);
                    return documents;
                }
            }
            finally
            {
                // In every case, the rest of the body is skipped before the connection is reused.
                reader.AdvanceTo(rest.Start, rest.End);
            }
        }

        void Add(ReadOnlySequence<byte> bytes)
        {
            line++;
            if (IsBlank(bytes))
                return;
            if (documents.Count == most)
                throw ServiceException.TooLarge("The body has more documents", most, "documents");
            documents.Add(
                Read(
                    () =>
                    {
                        Utf8JsonReader json = new(bytes, new JsonReaderOptions { MaxDepth = ServerJson.MaxDepth });
                        return JsonSerializer.Deserialize<DocumentInput>(ref json, ServerJson.Options);
                    },
                    string.Create(CultureInfo.InvariantCulture, $"line {line}")
                )
            );
        }
    }

    private static bool IsBlank(ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> part in bytes)
        {
            if (part.Span.ContainsAnyExcept(" \t\r\n"u8))
                return false;
        }

        return true;
    }

    private static DocumentInput Read(Func<DocumentInput?> read, string where)
    {
        try
        {
            DocumentInput document = read() ?? throw ServiceException.BadRequest($"{where}: expected an object with a text.");
            if (document.Id is { } id && DocumentId.FindFault(id) is { } fault)
                throw ServiceException.BadRequest($"{where}: {fault}.", "id", "invalid_id");
            if (Surrogates.AreIn(document.Metadata))
                throw ServiceException.BadRequest($"{where}: 'metadata' contains {Surrogates.Description}.", "metadata");
            return document;
        }
        catch (InvalidOperationException e)
        {
            throw JsonComplaint.Create(e, where);
        }
        catch (JsonException e)
        {
            throw JsonComplaint.Create(e, where);
        }
    }
}
