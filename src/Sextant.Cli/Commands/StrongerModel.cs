using Sextant.Models;

namespace Sextant.Cli.Commands;

/// <summary>Says that a stronger model than the built-in one is one option away, and what it costs in time (the speeds are in docs/evaluation.md).</summary>
internal static class StrongerModel
{
    public const string Name = "all-MiniLM-L6-v2";

    /// <summary>A sentence for who uses <paramref name="models"/>; <see langword="null"/> when another than the built-in one is among them.</summary>
    public static string? Advice(IReadOnlyList<string> models) => models is [StaticModelProvider.BuiltInModel]
        ? $"a stronger model is one option away: --model {Name}, fetched once (91 MB) and then offline; a text takes it about 170 times as long"
        : null;
}
