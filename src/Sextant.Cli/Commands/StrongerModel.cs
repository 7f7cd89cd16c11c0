namespace Sextant.Cli.Commands;

/// <summary>
/// Says that a stronger model than the built-in one is one option away, and what it costs in time (the speeds are in docs/evaluation.md).
/// </summary>
internal static class StrongerModel
{
    /// <summary>A sentence for who uses the built-in model.</summary>
    public const string Advice =
        "for better results: --model all-MiniLM-L6-v2 (91 MB, downloaded once); it takes about 170 " + "times as long per text";
}
