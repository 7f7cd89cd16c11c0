using System.Text;
using System.Text.Json.Nodes;
using Sextant.Tokenizers.Files;

namespace Sextant.Tokenizers.Tests.Files;

/// <summary>
/// Each value of small tokenizer.json files is taken out or replaced by one of another kind: the file is read, or is one clear error.
/// </summary>
public class TokenizerDamageTests
{
    private static readonly string?[] Replacements =
    [
        "null",
        "true",
        "-1",
        "0",
        "7",
        "2147483648",
        "1e99",
        "0.5",
        "\"\"",
        "\"x\"",
        "\"a b\"",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "[[null,null]]",
        "[1,2]",
        "{\"a\":null}",
        "{\"type\":\"Sequence\"}",
        null,
    ];

    private static readonly string[] Texts = ["", "ab ba", "  <s>ab</s> x-9 \u00e9\u0301 \ud83d\ude00 [CLS]", "a\u0000b\ud800"];

    public static TheoryData<string> Files =>
        new(
            // BPE with everything around it.
            """
            {"version":"1.0","truncation":{"max_length":8,"strategy":"LongestFirst","stride":0,"direction":"Right"},
             "padding":{"strategy":"BatchLongest","direction":"Left","pad_id":1,"pad_token":"<pad>"},
             "added_tokens":[{"id":0,"content":"<s>","single_word":false,"lstrip":true,"rstrip":true,"normalized":false,
             "special":true},{"id":5,"content":"ab","normalized":true}],
             "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Prepend","prepend":"a"},{"type":"Replace",
             "pattern":{"String":" "},"content":"b"},{"type":"Replace","pattern":{"Regex":"x+"},"content":""},{"type":"Strip",
             "strip_left":true,"strip_right":false},{"type":"Precompiled","precompiled_charsmap":null}]},
             "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"[0-9]+"},"behavior":"Isolated",
             "invert":false},{"type":"CharDelimiterSplit","delimiter":"-"},{"type":"Metaspace","replacement":"_","prepend_scheme":"first",
             "split":true},{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},{"type":"Digits","individual_digits":true},
             {"type":"Punctuation","behavior":"Contiguous"}]},
             "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A",
             "type_id":0}}],"special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]}}},
             "model":{"type":"BPE","unk_token":"<s>","continuing_subword_prefix":"","end_of_word_suffix":"","fuse_unk":true,
             "byte_fallback":false,"ignore_merges":false,"vocab":{"<s>":0,"<pad>":1,"a":2,"b":3,"ab":4,"aba":6},"merges":["a b",["ab",
             "a"]]}}
            """,
            // WordPiece as BERT's.
            """
            {"added_tokens":[{"id":1,"content":"[CLS]","special":true}],
             "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
             "pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"type":"BertProcessing","sep":["[SEP]",2],"cls":["[CLS]",1]},
             "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
             "vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"a":3,"##b":4}}}
            """,
            // WordPiece without BERT's pre-tokenizer.
            """
            {"pre_tokenizer":{"type":"Whitespace"},"normalizer":{"type":"Lowercase"},"post_processor":{"type":"Sequence",
            "processors":[{"type":"ByteLevel"},{"type":"RobertaProcessing","sep":["b",1],"cls":["a",0]}]},
             "model":{"type":"WordPiece","unk_token":"a","max_input_chars_per_word":3,"vocab":{"a":0,"b":1,"##b":2}}}
            """,
            // Unigram.
            """
            {"added_tokens":[],"normalizer":{"type":"Nmt"},"pre_tokenizer":{"type":"WhitespaceSplit"},
             "model":{"type":"Unigram","unk_id":0,"byte_fallback":false,"vocab":[["<unk>",0.0],["a",-1.5],["b",-2],["ab",-1.25]]}}
            """,
            """{"model":{"type":"WordLevel","unk_token":"<unk>","vocab":{"<unk>":0,"ab":1}}}"""
        );

    [Theory]
    [MemberData(nameof(Files))]
    public void Wrong_type_of_any_part_is_an_input_error(string file)
    {
        // The undamaged file must be readable, or the rest proves nothing.
        Encode(TokenizerJson.Parse(Encoding.UTF8.GetBytes(file), "tokenizer.json"));
        foreach (string path in Paths(JsonNode.Parse(file)!, ""))
        {
            foreach (string? replacement in Replacements)
            {
                string damaged = Replace(file, path, replacement);
                try
                {
                    Encode(TokenizerJson.Parse(Encoding.UTF8.GetBytes(damaged), "tokenizer.json"));
                }
                catch (InputException e)
                {
                    Assert.StartsWith("tokenizer.json: ", e.Message, StringComparison.Ordinal);
                    Assert.DoesNotContain('\n', e.Message);
                    Assert.DoesNotContain("Object reference", e.Message, StringComparison.Ordinal);
                }
                catch (Exception e)
                {
                    Assert.Fail($"{path} := {replacement ?? "(removed)"}: {e}");
                }
            }
        }
    }

    [Theory]
    [InlineData("[null]", "merge")]
    [InlineData("[[\"a\"]]", "not a pair")]
    [InlineData("[[\"a\",null]]", "merge")]
    [InlineData("[\"ab\"]", "not a pair")]
    [InlineData("{}", "tokenizer.json: ")]
    public void Invalid_merge_is_reported(string merges, string expected)
    {
        string json = """{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":MERGES}}""".Replace(
            "MERGES",
            merges,
            StringComparison.Ordinal
        );
        InputException e = Assert.Throws<InputException>(() => TokenizerJson.Parse(Encoding.UTF8.GetBytes(json), "tokenizer.json"));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    private static void Encode(SequenceTokenizer tokenizer)
    {
        foreach (string text in Texts)
        {
            try
            {
                Assert.All(tokenizer.Encode(text, tokenizer.MaxLength), id => Assert.InRange(id, 0, 1 << 24));
            }
            catch (InputException e)
            {
                Assert.Contains("no unknown token", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<string> Paths(JsonNode node, string path)
    {
        IEnumerable<(string Step, JsonNode? Node)> children = node switch
        {
            JsonObject fields => fields.Select(field => (field.Key, field.Value)),
            JsonArray items => items.Select((item, i) => ($"{i}", item)),
            _ => [],
        };
        foreach ((string step, JsonNode? child) in children)
        {
            string inner = $"{path}\t{step}";
            yield return inner;
            if (child is not null)
            {
                foreach (string deeper in Paths(child, inner))
                    yield return deeper;
            }
        }
    }

    private static string Replace(string file, string path, string? replacement)
    {
        JsonNode root = JsonNode.Parse(file)!,
            parent = root;
        string[] steps = path.Split('\t')[1..];
        foreach (string step in steps[..^1])
            parent = parent is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : parent[step]!;
        JsonNode? value = replacement is null ? null : JsonNode.Parse(replacement);
        switch (parent)
        {
            case JsonArray items when replacement is null:
                items.RemoveAt(int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture));
                break;
            case JsonArray items:
                items[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
                break;
            case JsonObject fields when replacement is null:
                fields.Remove(steps[^1]);
                break;
            default:
                parent[steps[^1]] = value;
                break;
        }

        return root.ToJsonString();
    }
}
