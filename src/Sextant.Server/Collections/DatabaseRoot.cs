using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.Server.Collections;

/// <summary>A database, in which collections have names.</summary>
internal sealed class DatabaseRoot(string location, CollectionProvider provider) : CollectionRoot
{
    // Messages name the location without its password and settings.
    public override string Prefix { get; } = provider.GetLocation($"{location}#a").Name[..^1];

    public override async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) =>
        [.. (await provider.ListAsync(location, cancellationToken)).Where(CollectionName.IsValid).Order(StringComparer.Ordinal)];

    public override string LocationOf(string name) => $"{location}#{name}";

    public override async Task<Manifest?> ManifestAsync(string name, CancellationToken cancellationToken)
    {
        await using CollectionLocation found = provider.GetLocation(LocationOf(name));
        return await found.ReadManifestAsync(cancellationToken);
    }

    public override async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await using CollectionLocation found = provider.GetLocation(LocationOf(name));
        await found.DeleteAsync(cancellationToken);
    }

    public override async Task<string?> ProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            await provider.ListAsync(location, cancellationToken);
            return null;
        }
        catch (SextantException)
        {
            return "the database of collections cannot be reached";
        }
    }
}
