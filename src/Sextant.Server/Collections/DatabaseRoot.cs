using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.Server.Collections;

/// <summary>A database, in which collections have names.</summary>
internal sealed class DatabaseRoot(string place, CollectionProvider provider) : CollectionRoot
{
    // Messages name the place without its password and settings.
    public override string Prefix { get; } = provider.GetLocation($"{place}#a").Name[..^1];

    public override async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) =>
        [.. (await provider.ListAsync(place, cancellationToken)).Where(CollectionName.IsValid).Order(StringComparer.Ordinal)];

    public override string LocationOf(string name) => $"{place}#{name}";

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
            await provider.ListAsync(place, cancellationToken);
            return null;
        }
        catch (SextantException)
        {
            return "the database of collections cannot be reached";
        }
    }
}
