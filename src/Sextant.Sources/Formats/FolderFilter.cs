using MAB.DotIgnore;
using Microsoft.Extensions.FileSystemGlobbing;
using Matcher = Microsoft.Extensions.FileSystemGlobbing.Matcher;

namespace Sextant.Sources.Formats;

/// <summary>Which files of a folder are read: what the globs of the options and the .gitignore files on the way down leave.</summary>
internal sealed class FolderFilter
{
    private readonly string _root;
    private readonly Matcher? _matcher, _excluded;
    private readonly bool _useGitIgnore;
    private readonly (string Folder, IgnoreList Rules)[] _ignores;

    public FolderFilter(string root, SourceReaderOptions options)
    {
        (_root, _useGitIgnore, _ignores) = (root, options.UseGitIgnore, []);
        if (options.Include.Count > 0) _matcher = MatcherOf(options.Include);
        if (options.Exclude.Count > 0) _excluded = MatcherOf(options.Exclude);
        if (_useGitIgnore) _ignores = With(root);
    }

    private FolderFilter(FolderFilter above, string folder)
    {
        (_root, _matcher, _excluded, _useGitIgnore) = (above._root, above._matcher, above._excluded, above._useGitIgnore);
        _ignores = above._ignores;
        if (_useGitIgnore) _ignores = With(folder);
    }

    /// <summary>The filter within a folder, whose own .gitignore is added.</summary>
    public FolderFilter Enter(string folder) => _useGitIgnore ? new(this, folder) : this;

    public bool IsWanted(string path, bool isFolder)
    {
        string relative = Relative(_root, path);
        if (_excluded?.Match(relative).HasMatches == true) return false;
        if (!isFolder && _matcher?.Match(relative).HasMatches == false) return false;
        // The nearest .gitignore that says anything decides.
        for (int i = _ignores.Length - 1; i >= 0; i--)
        {
            if (Verdict(_ignores[i].Rules, Relative(_ignores[i].Folder, path), isFolder) is { } ignored) return !ignored;
        }

        return true;
    }

    private static bool? Verdict(IgnoreList rules, string relative, bool isFolder)
    {
        IgnoreRule? last = rules.Rules.LastOrDefault(rule => rule.IsMatch("/" + relative, isFolder));
        return last is null ? null : !last.PatternFlags.HasFlag(PatternFlags.NEGATION);
    }

    private (string, IgnoreList)[] With(string folder)
    {
        string file = Path.Combine(folder, ".gitignore");
        return File.Exists(file) ? [.. _ignores, (folder, new IgnoreList(file))] : _ignores;
    }

    private static Matcher MatcherOf(IEnumerable<string> globs)
    {
        Matcher matcher = new(StringComparison.Ordinal);
        // "*.md" means any .md file in the folder, however deep, as in a .gitignore.
        foreach (string glob in globs) matcher.AddInclude(glob.Contains('/', StringComparison.Ordinal) ? glob.TrimStart('/') : $"**/{glob}");
        return matcher;
    }

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
}
