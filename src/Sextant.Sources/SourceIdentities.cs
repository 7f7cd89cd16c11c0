using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Sextant.Search.Storage;
using Sextant.Sources.Formats;

namespace Sextant.Sources;

/// <summary>
/// Which source a document is from: the resolved location of its file, or the name that the source was given. The path as typed only
/// gives the ids of a file that is new to the collection (docs/decisions/stable-ids.md).
/// </summary>
internal sealed class SourceIdentities(CollectionStore store, IReadOnlyList<string> given, string? name)
{
    private const char OtherMark = '@';

    private readonly Dictionary<string, (string? Prefix, bool UsesOther)> _known = [];
    private readonly Dictionary<string, string> _places = [];
    private readonly string[] _locations = [.. given.SelectMany(source => Locations(source, name)).Distinct(StringComparer.Ordinal)];

    /// <summary>The locations covered by a run: stored documents from them that were not read again no longer exist.</summary>
    public IReadOnlyList<string> All => _locations;

    /// <summary>Learns how the documents are called that the collection has of these sources.</summary>
    public async Task LearnAsync(CancellationToken cancellationToken)
    {
        foreach (string location in _locations)
        {
            await store
                .FindIdsBySourceAsync(
                    location,
                    (id, source) =>
                    {
                        Learn(id, source);
                        return false;
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
    }

    /// <summary>The identity of a file that is about to be read.</summary>
    public SourceIdentity Identify(SourceFile file)
    {
        (string location, string prefix) = (file.Path, name) switch
        {
            (SourceReader.StandardInput, null) => (SourceReader.StandardInput, SourceReader.StandardInput),
            (_, { } named) when file.Folder is { } folder => Named(Path.Combine(named, Path.GetRelativePath(folder, file.Path))),
            (_, { } named) => Named(named),
            _ when file.Folder is { } folder => (
                Path.Combine(PlaceOf(Path.GetFullPath(folder)), Path.GetRelativePath(folder, file.Path)),
                file.Path
            ),
            _ => (PlaceOf(Path.GetFullPath(file.Path)), file.Path),
        };
        (string? known, bool usesOther) = _known.GetValueOrDefault(location);
        // Before links were followed, documents were kept under the path with the links in it.
        if (known is null && name is null && file.Path != SourceReader.StandardInput)
            (known, usesOther) = _known.GetValueOrDefault(Path.GetFullPath(file.Path));
        prefix = known ?? SourceIds.Normalize(prefix);
        return new(location, PlaceOf(location), prefix, $"{prefix}{OtherMark}{Hash(location)}", usesOther);

        static (string, string) Named(string location) => (location, location);
    }

    /// <summary>Whether documents from <paramref name="stored"/> are those of <paramref name="source"/>.</summary>
    public bool IsSame(string stored, SourceIdentity source) => stored == source.Location || PlaceOf(stored) == source.Place;

    /// <summary>Whether the file at <paramref name="stored"/> is among those that this run reads, or was and has vanished.</summary>
    public bool Covers(string stored) =>
        _locations.Any(location =>
            stored == location
            || stored.StartsWith(Path.TrimEndingDirectorySeparator(location) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        );

    private static IEnumerable<string> Locations(string source, string? name)
    {
        if (name is not null)
            return [name];
        return source == SourceReader.StandardInput ? [] : [Path.GetFullPath(source), ResolvedPath.Resolve(source)];
    }

    private void Learn(string id, string source)
    {
        (string? prefix, bool usesOther) = _known.GetValueOrDefault(source);
        if (prefix is not null && (usesOther || !id.Contains(OtherMark, StringComparison.Ordinal)))
            return;
        if (SourceIds.PrefixOf(id, source, "") is { } plain)
            _known[source] = (prefix ?? plain, usesOther);
        else if (SourceIds.PrefixOf(id, source, $"{OtherMark}{Hash(source)}") is { } other)
            _known[source] = (prefix ?? other, true);
    }

    // Source names and the standard input are not locations.
    private string PlaceOf(string location)
    {
        if (!Path.IsPathRooted(location))
            return location;
        ref string? place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, location, out _);
        return place ??= ResolvedPath.Resolve(location);
    }

    private static string Hash(string location) =>
        string.Create(CultureInfo.InvariantCulture, $"{(uint)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(location.AsSpan())):x8}");
}
