namespace Sextant.Cli.Commands;

/// <summary>
/// Says that a stronger model than the built-in one is one option away, and what it costs in time (the speeds are in docs/evaluation.md).
/// </summary>
internal static class StrongerModel
{
    /// <summary>A sentence for who uses the built-in model.</summary>
    public const string Advice =
        "a stronger model is one option away: --model all-MiniLM-L6-v2, fetched once (91 MB) and then offline; a text takes it about 170 "
        + "times as long";
}
