namespace Sextant.Models.Hub;

/// <summary>
/// The cache that all Hugging Face tools share: for each repository a folder with <c>blobs</c> (contents, named by their hash),
/// <c>refs</c> (what commit a branch was at) and <c>snapshots</c> (for each commit its files, as relative links to blobs).
/// </summary>
internal sealed class HubCache(HubSettings settings)
{
    private const string TagFile = "CACHEDIR.TAG",
        TagText = "Signature: 8a477f597d28d172789f06886806bc55\n";

    /// <summary>The folder of a repository.</summary>
    public string FolderOf(string repository) =>
        Path.Combine(settings.CacheDirectory, settings.Kind + "--" + repository.Replace("/", "--", StringComparison.Ordinal));

    /// <summary>The path for content with this hash, which may not exist yet.</summary>
    public string BlobPath(string repository, string hash) => Path.Combine(FolderOf(repository), "blobs", hash);

    /// <summary>The folder of one commit's files.</summary>
    public string SnapshotFolder(string repository, string commit) => Path.Combine(FolderOf(repository), "snapshots", commit);

    /// <summary>The lock that every tool takes before it writes the blob.</summary>
    public string LockPath(string repository, string hash) =>
        Path.Combine(settings.CacheDirectory, ".locks", Path.GetFileName(FolderOf(repository)), hash + ".lock");

    /// <summary>The cached snapshot for a name, or <see langword="null"/> if none exists.</summary>
    public HubSnapshot? Find(HubModelName name)
    {
        string? commit = name.IsCommit ? name.Revision : ReadRef(name);
        string? folder = commit is null ? null : SnapshotFolder(name.Repository, commit);
        return Directory.Exists(folder) ? new HubSnapshot(name.Repository, commit!, folder) : null;
    }

    /// <summary>Every repository of which a snapshot is here, with the newest of its snapshots.</summary>
    public IEnumerable<HubSnapshot> List()
    {
        if (!Directory.Exists(settings.CacheDirectory))
        {
            yield break;
        }

        foreach (
            string folder in Directory.EnumerateDirectories(settings.CacheDirectory, settings.Kind + "--*").Order(StringComparer.Ordinal)
        )
        {
            string repository = Path.GetFileName(folder)[(settings.Kind.Length + 2)..].Replace("--", "/", StringComparison.Ordinal);
            string snapshots = Path.Combine(folder, "snapshots");
            if (
                Directory.Exists(snapshots)
                && new DirectoryInfo(snapshots).EnumerateDirectories().MaxBy(d => d.LastWriteTimeUtc) is { } newest
            )
            {
                yield return Find(new HubModelName(repository, HubModelName.DefaultRevision))
                    ?? new HubSnapshot(repository, newest.Name, newest.FullName);
            }
        }
    }

    /// <summary>Notes what commit a branch or tag is at.</summary>
    public void WriteRef(HubModelName name, string commit)
    {
        if (!name.IsCommit)
        {
            AtomicFile.Write(RefPath(name), stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(commit)));
        }
    }

    /// <summary>Marks the cache as one, so that backup programs leave it out.</summary>
    public void Tag()
    {
        string tag = Path.Combine(settings.CacheDirectory, TagFile);
        if (!File.Exists(tag))
        {
            AtomicFile.Write(tag, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(TagText)));
        }
    }

    /// <summary>Makes a blob available under its name in a snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="file">A relative path with forward slashes, already checked.</param>
    /// <param name="hash">The blob's.</param>
    public void Link(HubSnapshot snapshot, string file, string hash)
    {
        string path = Path.Combine(snapshot.Folder, file);
        string blob = BlobPath(snapshot.Repository, hash);
        string target = Path.GetRelativePath(Path.GetDirectoryName(path)!, blob);
        if (new FileInfo(path).LinkTarget == target)
        {
            return;
        }

        if (settings.UseLinks)
        {
            try
            {
                AtomicFile.CreateEntry(path, temporary => File.CreateSymbolicLink(temporary, target));
                return;
            }
            catch (Exception e) when (OperatingSystem.IsWindows() && e is IOException or UnauthorizedAccessException)
            {
                // Windows lets only some users make links.
            }
        }

        AtomicFile.CreateEntry(path, temporary => File.Copy(blob, temporary));
    }

    private string RefPath(HubModelName name) => Path.Combine(FolderOf(name.Repository), "refs", name.Revision);

    private string? ReadRef(HubModelName name)
    {
        string path = RefPath(name);
        string? text = File.Exists(path) && new FileInfo(path).Length <= 100 ? File.ReadAllText(path).Trim() : null;
        return HubModelName.IsCommitHash(text) ? text : null;
    }
}
