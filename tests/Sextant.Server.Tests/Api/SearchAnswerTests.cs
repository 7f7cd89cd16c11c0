using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Search.Filters;
using Sextant.Server.Api.Search;
using Sextant.Server.Http;

namespace Sextant.Server.Tests.Api;

public sealed class SearchAnswerTests
{
    [Fact]
    public void Written_answer_equals_that_of_the_serializer()
    {
        JsonObject metadata = new()
        {
            ["quote"] = "\"<é🦊>\"",
            ["deep"] = new JsonObject { ["list"] = new JsonArray(1, 2.5, null, true) },
        };
        SearchAnswer[] answers =
        [
            new([], 0.25),
            new(
                [
                    new(1, "a/\"b\"", 0.123456f, "line\nbreak é 世界 </script>", metadata)
                    {
                        Group = FilterValue.Text("refunds"),
                        Stages = new() { Semantic = new(0.5f, 1), Fused = new(0.25f, 2) },
                    },
                    new(2, "b", -1, "", []),
                ],
                1.5
            )
            {
                ScoreKind = "bm25",
                Rerank = "model",
                Facets = [new("topic", [new(JsonValue.Create("x"), 3)], 7)],
                Notes = ["no document has the field 'x'"],
            },
        ];
        foreach (SearchAnswer answer in answers)
        {
            using PooledBytes bytes = new();
            answer.Write(bytes);
            Assert.Equal(JsonSerializer.SerializeToUtf8Bytes(answer.ToResponse(), ServerJson.Options), bytes.Written.ToArray());
        }

        using PooledBytes batch = new();
        SearchAnswer.Write(batch, answers, 2);
        Assert.Equal(
            JsonSerializer.SerializeToUtf8Bytes(
                new SearchBatchResponse([.. answers.Select(static one => one.ToResponse())], 2),
                ServerJson.Options
            ),
            batch.Written.ToArray()
        );
    }
}
