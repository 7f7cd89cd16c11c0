using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Sextant.Sources.Formats.Pages;

namespace Sextant.Sources.Formats.Documents;

/// <summary>Source code: one document per file, cut between functions and blocks where it is too long; the language is metadata.</summary>
internal static class CodeFile
{
    /// <summary>The language name for a Markdown fence, by extension.</summary>
    public static FrozenDictionary<string, string> Languages { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".bash"] = "bash", [".bat"] = "batch", [".c"] = "c", [".cc"] = "cpp", [".clj"] = "clojure", [".cpp"] = "cpp", [".cs"] = "csharp",
        [".css"] = "css", [".cxx"] = "cpp", [".dart"] = "dart", [".erl"] = "erlang", [".ex"] = "elixir", [".exs"] = "elixir", [".fs"] = "fsharp",
        [".fsx"] = "fsharp", [".go"] = "go", [".gradle"] = "groovy", [".groovy"] = "groovy", [".h"] = "c", [".hpp"] = "cpp", [".hs"] = "haskell",
        [".java"] = "java", [".jl"] = "julia", [".js"] = "javascript", [".jsx"] = "jsx", [".kt"] = "kotlin", [".kts"] = "kotlin", [".lua"] = "lua",
        [".m"] = "objective-c", [".ml"] = "ocaml", [".mjs"] = "javascript", [".php"] = "php", [".pl"] = "perl", [".proto"] = "protobuf",
        [".ps1"] = "powershell", [".py"] = "python", [".r"] = "r", [".rb"] = "ruby", [".rs"] = "rust", [".scala"] = "scala", [".scss"] = "scss",
        [".sh"] = "bash", [".sql"] = "sql", [".swift"] = "swift", [".tf"] = "terraform", [".toml"] = "toml", [".ts"] = "typescript",
        [".tsx"] = "tsx", [".vb"] = "vb", [".vue"] = "vue", [".yaml"] = "yaml", [".yml"] = "yaml", [".zig"] = "zig",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        if (PageText.ReadAll(stream, scope) is not { } text) yield break;
        JsonObject metadata = new() { ["language"] = Languages[Path.GetExtension(scope.Source)] };
        if (new PageSections(scope, metadata).Section(text, 1) is { } file) yield return file with { IsCode = true };
    }
}
