using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Sextant.Tests.Shared;

/// <summary>Finds texts of an assembly that only the command may say: its flags and its commands.</summary>
internal static partial class CommandWords
{
    /// <summary>The string literals of an assembly that name a flag, or a command of sextant.</summary>
    public static IEnumerable<string> Find(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        for (UserStringHandle literal = MetadataTokens.UserStringHandle(1); !literal.IsNil; literal = metadata.GetNextHandle(literal))
        {
            string text = metadata.GetUserString(literal);
            // Other programs have flags as well, and a message may quote their command lines.
            if (
                Words().IsMatch(text)
                && !text.Contains("optimum-cli", StringComparison.Ordinal)
                && !text.Contains("dotnet nuget", StringComparison.Ordinal)
            )
            {
                yield return $"{Path.GetFileNameWithoutExtension(assembly)}: {text}";
            }
        }
    }

    [GeneratedRegex(
        @"(^|[\s('])--[a-z]|\bsextant (cache|collection|cost|distill|embed|evaluate|index|mcp|models|plot|search|serve|similarity|train)\b"
    )]
    private static partial Regex Words();
}
