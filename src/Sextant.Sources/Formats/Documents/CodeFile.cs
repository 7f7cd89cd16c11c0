using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Sextant.Sources.Formats.Pages;

namespace Sextant.Sources.Formats.Documents;

/// <summary>Source code: one document per file, cut between functions and blocks where it is too long; the language is metadata.</summary>
internal static class CodeFile
{
    private const string Table = """
        bash .bash .sh
        batch .bat
        c .c .h
        clojure .clj
        cpp .cc .cpp .cxx .hpp
        csharp .cs
        css .css
        dart .dart
        elixir .ex .exs
        erlang .erl
        fsharp .fs .fsx
        go .go
        groovy .gradle .groovy
        haskell .hs
        java .java
        javascript .js .mjs
        jsx .jsx
        julia .jl
        kotlin .kt .kts
        lua .lua
        objective-c .m
        ocaml .ml
        perl .pl
        php .php
        powershell .ps1
        protobuf .proto
        python .py
        r .r
        ruby .rb
        rust .rs
        scala .scala
        scss .scss
        sql .sql
        swift .swift
        terraform .tf
        toml .toml
        tsx .tsx
        typescript .ts
        vb .vb
        vue .vue
        yaml .yaml .yml
        zig .zig
        """;

    /// <summary>The language name for a Markdown fence, by extension.</summary>
    public static FrozenDictionary<string, string> Languages { get; } =
        Table
            .ReplaceLineEndings("\n")
            .Split('\n')
            .Select(static line => line.Split(' '))
            .SelectMany(static names => names.Skip(1).Select(extension => (Extension: extension, Language: names[0])))
            .ToFrozenDictionary(static pair => pair.Extension, static pair => pair.Language, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        if (PageText.ReadAll(stream, scope) is not { } text)
            yield break;
        JsonObject metadata = new() { ["language"] = Languages[Path.GetExtension(scope.Source)] };
        if (new PageSections(scope, metadata).Section(text, 1) is { } file)
        {
            yield return file with
            {
                IsCode = true,
            };
        }
    }
}
