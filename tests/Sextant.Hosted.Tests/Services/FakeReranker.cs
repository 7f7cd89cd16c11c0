using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sextant.Hosted.Tests.Services;

/// <summary>
/// The rerankers of Cohere, Voyage, Jina and text-embeddings-inference, each with its published fields, limits and errors. A score depends
/// on
/// query and document alone, so that mixed-up answers show; the best come first, as the services do.
/// </summary>
public sealed class FakeReranker : FakeService
{
    private readonly string _service;

    private FakeReranker(string service) => _service = service;

    /// <summary>The most documents of one request.</summary>
    public int MaxDocuments { get; set; } = 1000;

    /// <summary>The most tokens of one request, one a word, the query's for each document.</summary>
    public int MaxTokens { get; set; } = int.MaxValue;

    /// <summary>The search units that Cohere charges for 100 documents.</summary>
    public int SearchUnits { get; set; } = 1;

    /// <summary>What text-embeddings-inference says that its model is.</summary>
    public string ModelType { get; set; } = """{"reranker":{"id2label":{"0":"LABEL_0"},"label2id":{"LABEL_0":0}}}""";

    /// <summary>The name of a model of this service.</summary>
    public string Model =>
        _service switch
        {
            "cohere" => "cohere:rerank-v3.5",
            "voyage" => "voyage:rerank-2.5",
            "jina" => "jina:jina-reranker-v2-base-multilingual",
            _ => $"{Address.GetLeftPart(UriPartial.Authority)}#bge-reranker-base",
        };

    /// <summary>The requests for scores, in the order in which they came.</summary>
    public IEnumerable<SeenRequest> Scored => Requests.Where(static request => request.Path.EndsWith("/rerank", StringComparison.Ordinal));

    private string Texts => _service == "tei" ? "texts" : "documents";

    /// <param name="service"><c>cohere</c>, <c>voyage</c>, <c>jina</c> or <c>tei</c>.</param>
    /// <param name="environment">Gets the variables that lead to it.</param>
    public static FakeReranker Start(string service, Dictionary<string, string> environment)
    {
        var server = new FakeReranker(service);
        if (service == "tei")
        {
            server.MaxDocuments = 32;
            server.Key = "";
            return server;
        }

        string variable = service.ToUpperInvariant();
        environment[$"{variable}_API_KEY"] = server.Key;
        environment[$"{variable}_BASE_URL"] = service == "cohere" ? server.Address.ToString() : $"{server.Address}v1";
        return server;
    }

    /// <summary>The score of a document: between 0 and 1, the same every time.</summary>
    public static float ScoreOf(string query, string document) => (VectorOf($"{query}\n{document}", 8)[1] + 1) / 2;

    protected override bool IsAuthorized(SeenRequest request) =>
        Key.Length > 0 ? base.IsAuthorized(request) : !request.Headers.ContainsKey("Authorization");

    protected override IResult Answer(SeenRequest request)
    {
        JsonObject body = request.Body;
        if (_service == "tei" && request.Path == "/info")
            return Info();
        if (
            request.Path
            != (
                _service switch
                {
                    "cohere" => "/v2/rerank",
                    "tei" => "/rerank",
                    _ => "/v1/rerank",
                }
            )
        )
        {
            return Error(404, "not found");
        }

        if (UnknownField(body, Fields()) is { } unknown)
            return Error(422, $"unknown field: parameter '{unknown}' is not a valid field");
        string query = body["query"]!.GetValue<string>();
        string[] documents = [.. body[Texts]!.AsArray().Select(static d => d!.GetValue<string>())];
        if (query.Length == 0 || documents.Length == 0 || documents.Contains(""))
            return Error(422, "query and documents must not be empty");
        if (documents.Length > MaxDocuments)
        {
            return _service == "tei"
                ? Error(413, $"batch size {documents.Length} > maximum allowed batch size {MaxDocuments}")
                : Error(400, $"too many documents: max number of documents is {MaxDocuments}, got {documents.Length}");
        }
        int tokens = documents.Sum(document => Words(document) + Words(query));
        if (tokens > MaxTokens)
            return Error(400, $"The max allowed tokens per submitted batch is {MaxTokens}. Your batch has {tokens} tokens.");

        string score = _service == "tei" ? "score" : "relevance_score";
        JsonNode[] ranks =
        [
            .. documents
                .Select((document, index) => (Index: index, Score: ScoreOf(query, document)))
                .OrderByDescending(static rank => rank.Score)
                .Select(rank => new JsonObject { ["index"] = rank.Index, [score] = rank.Score }),
        ];
        foreach (string document in documents)
            Paid.Enqueue(document);
        return Results.Json(Wrap(new JsonArray(Forgets ? ranks[1..] : ranks), tokens, documents.Length));
    }

    protected override IResult Error(int status, string message, string code = "") =>
        Results.Json(
            _service switch
            {
                "cohere" => new JsonObject { ["id"] = "e5", ["message"] = message },
                "tei" => new JsonObject { ["error"] = message, ["error_type"] = "Validation" },
                _ => new JsonObject { ["detail"] = message },
            },
            statusCode: status
        );

    private static int Words(string text) => text.Split(' ').Length;

    private string[] Fields() =>
        _service switch
        {
            "cohere" => ["model", "query", "documents", "top_n", "max_tokens_per_doc", "priority"],
            "voyage" => ["query", "documents", "model", "top_k", "return_documents", "truncation"],
            "jina" => ["model", "query", "documents", "top_n", "return_documents"],
            _ => ["query", "texts", "truncate", "truncation_direction", "raw_scores", "return_text"],
        };

    private JsonNode Wrap(JsonArray ranks, int tokens, int documents) =>
        _service switch
        {
            "cohere" => new JsonObject
            {
                ["id"] = "07734bd2",
                ["results"] = ranks,
                ["meta"] = new JsonObject
                {
                    ["api_version"] = new JsonObject { ["version"] = "2" },
                    ["billed_units"] = new JsonObject { ["search_units"] = (documents + 99) / 100 * SearchUnits },
                },
            },
            "voyage" => new JsonObject
            {
                ["object"] = "list",
                ["data"] = ranks,
                ["model"] = "rerank-2.5",
                ["usage"] = new JsonObject { ["total_tokens"] = tokens },
            },
            "jina" => new JsonObject
            {
                ["model"] = "jina-reranker-v3",
                ["usage"] = new JsonObject { ["total_tokens"] = tokens },
                ["results"] = ranks,
            },
            _ => ranks,
        };

    private IResult Info() =>
        Results.Json(
            new JsonObject
            {
                ["model_id"] = "BAAI/bge-reranker-base",
                ["model_dtype"] = "float16",
                ["model_type"] = JsonNode.Parse(ModelType),
                ["max_concurrent_requests"] = 512,
                ["max_input_length"] = 512,
                ["max_batch_tokens"] = 16384,
                ["max_client_batch_size"] = MaxDocuments,
                ["auto_truncate"] = true,
                ["tokenization_workers"] = 4,
                ["version"] = "1.7.1",
            }
        );
}
