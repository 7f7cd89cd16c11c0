using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Sextant.Models.Hub;

/// <summary>A name like <c>hf:ORG/NAME@REVISION</c>, taken apart.</summary>
/// <param name="Repository"><c>ORG/NAME</c>, or a bare <c>NAME</c> as the oldest repositories have.</param>
/// <param name="Revision">A branch, a tag or a commit; <c>main</c> where none is named.</param>
internal sealed partial record HubModelName(string Repository, string Revision)
{
    public const string Prefix = "hf:",
        DefaultRevision = "main";

    /// <summary>The name as a user writes it.</summary>
    public string Name => Revision == DefaultRevision ? Prefix + Repository : $"{Prefix}{Repository}@{Revision}";

    /// <summary>Whether the revision is a commit, which never changes what it means.</summary>
    public bool IsCommit => IsCommitHash(Revision);

    /// <summary>Whether <paramref name="text"/> is a full commit hash.</summary>
    public static bool IsCommitHash([NotNullWhen(true)] string? text) => text is not null && CommitPattern().IsMatch(text);

    /// <exception cref="InputException">It cannot be a repository's name.</exception>
    public static HubModelName Parse(string name)
    {
        string rest = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        int at = rest.IndexOf('@');
        (string repository, string revision) = at < 0 ? (rest, DefaultRevision) : (rest[..at], rest[(at + 1)..]);
        // Both become parts of paths and URLs, so all other characters are rejected.
        if (!RepositoryPattern().IsMatch(repository) || repository.Contains("..") || repository.Contains("--"))
        {
            throw new InputException(
                $"'{name}' is not a Hugging Face model; write hf:ORG/NAME or hf:ORG/NAME@REVISION, for example hf:BAAI/bge-small-en-v1.5"
            );
        }

        return RevisionPattern().IsMatch(revision) && !revision.Contains("..")
            ? new HubModelName(repository, revision)
            : throw new InputException($"'{revision}' in '{name}' is not a revision; name a branch, a tag or a commit");
    }

    [GeneratedRegex(@"\A[0-9a-f]{40}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommitPattern();

    [GeneratedRegex(
        @"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,95})?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RevisionPattern();
}
