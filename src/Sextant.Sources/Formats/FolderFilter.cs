using MAB.DotIgnore;
using Microsoft.Extensions.FileSystemGlobbing;
using Matcher = Microsoft.Extensions.FileSystemGlobbing.Matcher;

namespace Sextant.Sources.Formats;

/// <summary>Which files of a folder are read: what the globs of the options and the .gitignore files on the way down leave.</summary>
internal sealed class FolderFilter
{
    private readonly string _root;
    private readonly Matcher? _included,
        _excluded;
    private readonly (string Folder, IgnoreList Rules)[]? _ignores;

    private FolderFilter(string root, Matcher? included, Matcher? excluded, (string, IgnoreList)[]? ignores) =>
        (_root, _included, _excluded, _ignores) = (root, included, excluded, ignores);

    /// <summary>The filter of a folder that is read.</summary>
    public static FolderFilter Create(string root, SourceReaderOptions options) =>
        new FolderFilter(root, MatcherOf(options.Include), MatcherOf(options.Exclude), options.UseGitIgnore ? [] : null).Enter(root);

    /// <summary>The filter inside a folder, with the folder's own .gitignore added.</summary>
    public FolderFilter Enter(string folder)
    {
        string file = Path.Combine(folder, ".gitignore");
        return _ignores is null || !File.Exists(file)
            ? this
            : new(_root, _included, _excluded, [.. _ignores, (folder, new IgnoreList(file))]);
    }

    public bool IsWanted(string path, bool isFolder)
    {
        string relative = Relative(_root, path);
        if (_excluded?.Match(relative).HasMatches == true)
            return false;
        if (!isFolder && _included?.Match(relative).HasMatches == false)
            return false;
        // The nearest .gitignore that says anything decides.
        foreach ((string folder, IgnoreList rules) in (_ignores ?? []).Reverse())
        {
            if (Verdict(rules, Relative(folder, path), isFolder) is { } ignored)
                return !ignored;
        }

        return true;
    }

    private static bool? Verdict(IgnoreList rules, string relative, bool isFolder)
    {
        IgnoreRule? last = rules.Rules.LastOrDefault(rule => rule.IsMatch("/" + relative, isFolder));
        return last is null ? null : !last.PatternFlags.HasFlag(PatternFlags.NEGATION);
    }

    private static Matcher? MatcherOf(IReadOnlyList<string> globs)
    {
        if (globs.Count == 0)
            return null;
        Matcher matcher = new(StringComparison.Ordinal);
        // "*.md" means any .md file in the folder, however deep, as in a .gitignore.
        foreach (string glob in globs)
            matcher.AddInclude(glob.Contains('/', StringComparison.Ordinal) ? glob.TrimStart('/') : $"**/{glob}");
        return matcher;
    }

    private static string Relative(string folder, string path) =>
        Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
}
