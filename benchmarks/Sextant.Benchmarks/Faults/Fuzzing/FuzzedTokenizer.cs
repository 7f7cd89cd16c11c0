using Sextant.Tokenizers;
using Sextant.Tokenizers.Files;

namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>A tokenizer.json is refused by its name, or cuts texts into ids of its vocabulary.</summary>
internal sealed class FuzzedTokenizer() : FaultKind("tokenizer.json")
{
    private const string File = "tokenizer.json";

    private static readonly string[] Texts = ["hello world", "Größe 世界 🦊", "", " ", "a\tb\nc [MASK] </s>", new('x', 300)];

    private readonly Mutator _mutator = new(
        (string[])
            [
                """{"version":"1.0","truncation":{"max_length":128},"padding":null,"added_tokens":[{"id":"""
                    + """0,"content":"[PAD]","special":true},{"id":1,"content":"[UNK]","special":true},{"id":"""
                    + """2,"content":"[MASK]","special":true,"lstrip":true}],"normalizer":{"type":"BertNormalizer","clean_text":"""
                    + """true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"pre_tokenizer":"""
                    + """{"type":"BertPreTokenizer"},"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":"""
                    + """{"id":"[PAD]","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":{"[PAD]":"""
                    + """{"id":"[PAD]","ids":[0],"tokens":["[PAD]"]}}},"model":"""
                    + """{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":"""
                    + """100,"vocab":{"[PAD]":0,"[UNK]":1,"[MASK]":2,"hello":3,"wor":4,"##ld":5,"x":6,"##x":7}}}""",
                """{"added_tokens":[{"id":0,"content":"<s>","special":true},{"id":1,"content":"</s>","special":true,"rstrip":"""
                    + """false,"single_word":false}],"normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},"""
                    + """{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "},{"type":"Lowercase"}]},"pre_tokenizer":"""
                    + """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true},"post_processor":"""
                    + """{"type":"RobertaProcessing","sep":["</s>",1],"cls":["<s>",0]},"decoder":{"type":"ByteLevel"},"model":"""
                    + """{"type":"BPE","dropout":null,"unk_token":null,"fuse_unk":false,"byte_fallback":false,"vocab":{"<s>":"""
                    + """0,"</s>":1,"h":2,"e":3,"l":4,"o":5,"he":6,"ll":7,"hell":8,"Ġ":9,"w":10},"merges":["h e","l l",["he","ll"]]}}""",
                """{"added_tokens":[{"id":0,"content":"<unk>","special":true}],"normalizer":{"type":"Sequence","normalizers":"""
                    + """[{"type":"Strip","left":true,"right":true},{"type":"Prepend","prepend":"▁"}]},"pre_tokenizer":"""
                    + """{"type":"Sequence","pretokenizers":[{"type":"Whitespace"},{"type":"Split","pattern":"""
                    + """{"Regex":"\\d"},"behavior":"Isolated","invert":false},"""
                    + """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}]},"post_processor":"""
                    + """null,"model":{"type":"Unigram","unk_id":0,"byte_fallback":false,"vocab":[["<unk>",0.0],["▁",-2.1],"""
                    + """["▁hello",-5.5],["a",-3.0],["x",-4.0],["xx",-4.5]]}}""",
            ],
        "\"type\":",
        "\"WordPiece\"",
        "\"BPE\"",
        "\"Unigram\"",
        "\"WordLevel\"",
        "\"Regex\":",
        "\"String\":",
        "(a+)+$",
        "\"Precompiled\"",
        "\"precompiled_charsmap\":\"AAAA\"",
        "\"vocab\":",
        "\"merges\":",
        "\"unk_token\":",
        "\"unk_id\":",
        "\"Sequence\"",
        "\"ByteLevel\"",
        "\"Digits\"",
        "\"Punctuation\"",
        "\"Split\"",
        "\"MergedWithPrevious\"",
        "\"Isolated\"",
        "\"content\":",
        "\"\u2581\""
    );

    public override Task<FaultOutcome> TryAsync(int seed)
    {
        byte[] bytes = _mutator.Mutate(seed);
        SequenceTokenizer tokenizer;
        try
        {
            tokenizer = TokenizerJson.Parse(bytes, File);
        }
        catch (InputException e)
        {
            return Task.FromResult(
                e.Message.StartsWith(File, StringComparison.Ordinal)
                    ? FaultOutcome.Refused
                    : FaultOutcome.Failed($"the error does not name the file: {e.Message}")
            );
        }

        foreach (string text in Texts)
        {
            int[] ids = tokenizer.Encode(text, maxLength: null);
            if (
                ids.FirstOrDefault(id =>
                    id < 0 || id > Math.Max(tokenizer.Text.MaxId, tokenizer.Prefix.Concat(tokenizer.Suffix).DefaultIfEmpty().Max())
                )
                is not 0
                    and var id
            )
            {
                return Task.FromResult(FaultOutcome.Failed($"'{text}' has the id {id}, and the highest is {tokenizer.Text.MaxId}"));
            }

            if (!ids.SequenceEqual(tokenizer.Encode(text, maxLength: null)))
                return Task.FromResult(FaultOutcome.Failed($"'{text}' is cut in two ways"));
        }

        return Task.FromResult(FaultOutcome.Sound);
    }
}
