namespace Sextant.Training.Tests;

/// <summary>A small world of sentences: twelve things, each said in two ways that share no content word.</summary>
internal static class ToyData
{
    private static readonly (string, string)[] Things =
    [
        ("dog", "hound"),
        ("car", "automobile"),
        ("child", "kid"),
        ("house", "home"),
        ("boat", "ship"),
        ("road", "street"),
        ("doctor", "physician"),
        ("meal", "dinner"),
        ("coat", "jacket"),
        ("forest", "woods"),
        ("stone", "rock"),
        ("song", "tune"),
    ];

    private static readonly (string, string)[] Deeds =
    [
        ("buys", "purchases"),
        ("sees", "notices"),
        ("loves", "adores"),
        ("fears", "dreads"),
        ("sells", "trades"),
        ("finds", "discovers"),
    ];

    /// <summary>72 pairs, tab-separated.</summary>
    public static IEnumerable<string> Lines { get; } =
    [.. from thing in Things from deed in Deeds select $"she {deed.Item1} the {thing.Item1}\tthe woman {deed.Item2} a {thing.Item2}"];
}
