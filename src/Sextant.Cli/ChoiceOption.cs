using System.CommandLine;

namespace Sextant.Cli;

/// <summary>Options that take one of a few words, and list the allowed words for any other value.</summary>
internal static class ChoiceOption
{
    /// <summary>An optional choice.</summary>
    public static Option<T?> Create<T>(string name, string description, params (string Word, T Value)[] choices)
        where T : struct
    {
        var option = new Option<T?>(name) { Description = description };
        return With(
            option,
            [.. choices.Select(static choice => choice.Word)],
            word => Array.Find(choices, choice => choice.Word == word).Value
        );
    }

    /// <summary>An optional choice of a word.</summary>
    public static Option<string?> Create(string name, string description, params string[] words) =>
        With(new Option<string?>(name) { Description = description }, words, static word => word);

    /// <summary>A choice of a word, the first when none is given.</summary>
    public static Option<string> CreateWithDefault(string name, string description, params string[] words) =>
        With(new Option<string>(name) { Description = description, DefaultValueFactory = _ => words[0] }, words, static word => word);

    private static Option<T> With<T>(Option<T> option, string[] words, Func<string, T> value)
    {
        option.HelpName = string.Join('|', words);
        option.CompletionSources.Add(words);
        option.CustomParser = result =>
        {
            string typed = result.Tokens[0].Value;
            if (words.Contains(typed))
                return value(typed);
            result.AddError(
                $"{option.Name} must be {string.Join(", ", words[..^1])} or {words[^1]}, not '{typed}'{Suggestion.Ask(typed, words)}"
            );
            return default!;
        };
        return option;
    }
}
