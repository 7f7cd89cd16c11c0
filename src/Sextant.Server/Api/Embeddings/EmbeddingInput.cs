using System.Text.Json;
using System.Text.Json.Serialization;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Embeddings;

/// <summary>The input to embed: a text, a list of texts, the tokens of one text, or a list of those.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class EmbeddingInput
{
    /// <summary>Texts, in their order; <see langword="null"/> when tokens were given.</summary>
    public IReadOnlyList<string>? Texts { get; private init; }

    /// <summary>The tokens of each text; <see langword="null"/> when texts were given.</summary>
    public IReadOnlyList<int[]>? Tokens { get; private init; }

    public int Count => Texts?.Count ?? Tokens!.Count;

    /// <summary>Reads and writes the four forms.</summary>
    internal sealed class Converter : JsonConverter<EmbeddingInput>
    {
        private const string Forms = "a string, an array of strings, an array of tokens, or an array of token arrays";

        public override EmbeddingInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
                return new() { Texts = [reader.GetString()!] };
            if (reader.TokenType != JsonTokenType.StartArray)
                throw JsonComplaint.Expects(Forms);
            List<string> texts = [];
            List<int> tokens = [];
            List<int[]> lists = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.String)
                    texts.Add(reader.GetString()!);
                else if (reader.TokenType == JsonTokenType.Number)
                    tokens.Add(Token(ref reader));
                else if (reader.TokenType == JsonTokenType.StartArray)
                    lists.Add(TokenList(ref reader));
                else
                    throw JsonComplaint.Expects(Forms);
            }

            return (texts.Count, tokens.Count, lists.Count) switch
            {
                (_, 0, 0) => new() { Texts = texts },
                (0, _, 0) => new()
                {
                    Tokens =
                    [
                        [.. tokens],
                    ],
                },
                (0, 0, _) => new() { Tokens = lists },
                _ => throw JsonComplaint.Expects(Forms),
            };
        }

        public override void Write(Utf8JsonWriter writer, EmbeddingInput value, JsonSerializerOptions options)
        {
            if (value.Texts is { } texts)
                JsonSerializer.Serialize(writer, texts, options);
            else
                JsonSerializer.Serialize(writer, value.Tokens, options);
        }

        private static int[] TokenList(ref Utf8JsonReader reader)
        {
            List<int> tokens = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                tokens.Add(Token(ref reader));
            return [.. tokens];
        }

        private static int Token(ref Utf8JsonReader reader) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int token) ? token : throw JsonComplaint.Expects(Forms);
    }
}
