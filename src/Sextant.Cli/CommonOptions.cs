using System.CommandLine;

namespace Sextant.Cli;

/// <summary>The options that every command understands, before or after its name.</summary>
internal static class CommonOptions
{
    public static Option<string?> Model { get; } =
        Everywhere(
            new Option<string?>("--model", "-m")
            {
                Description =
                    "The embedding model: sextant-small, a folder, hf:ORG/NAME, nuget:PACKAGE, openai:NAME … [default: sextant-small]",
                HelpName = "NAME",
            }
        );

    public static Option<int?> Dimensions { get; } =
        Everywhere(
            NumberOption.Whole(
                "--dimensions",
                "Truncate vectors to this many dimensions and normalize them (for Matryoshka models)",
                least: 1
            )
        );

    public static Option<bool> Json { get; } = Flag("--json", "Print results as JSON, one object per line");

    public static Option<bool> Quiet { get; } = Flag("--quiet", "Print only results and errors", "-q");

    public static Option<bool> Verbose { get; } = Flag("--verbose", "Print progress details, and stack traces of errors", "-v");

    public static Option<bool> Offline { get; } = Flag("--offline", "Never use the network, only models that are built in or on disk");

    public static Option<string?> Cache { get; } =
        Everywhere(
            new Option<string?>("--cache")
            {
                Description = "The folder of the embedding cache [default: $SEXTANT_CACHE, or ~/.cache/sextant]",
                HelpName = "DIR",
            }
        );

    public static Option<bool> NoCache { get; } = Flag("--no-cache", "Do not use the embedding cache");

    public static Option<int?> Threads { get; } =
        Everywhere(NumberOption.Whole("--threads", "Threads for local models [default: one per core]", least: 1));

    public static Option<string> Device { get; } =
        Everywhere(
            ChoiceOption.CreateWithDefault(
                "--device",
                "The device for local transformers; all but cpu need a matching ONNX Runtime",
                "cpu",
                "cuda",
                "directml",
                "coreml"
            )
        );

    private static readonly Option[] All = [Model, Dimensions, Json, Quiet, Verbose, Offline, Cache, NoCache, Threads, Device];

    /// <summary>Whether <paramref name="option"/> is one of these, and not the command's own.</summary>
    public static bool Contains(Option option) => Array.IndexOf(All, option) >= 0;

    /// <summary>Adds all of them to <paramref name="root"/>.</summary>
    public static void AddTo(RootCommand root)
    {
        foreach (Option option in All)
            root.Options.Add(option);
    }

    private static Option<bool> Flag(string name, string description, params string[] aliases) =>
        Everywhere(new Option<bool>(name, aliases) { Description = description });

    private static Option<T> Everywhere<T>(Option<T> option)
    {
        option.Recursive = true;
        return option;
    }
}
