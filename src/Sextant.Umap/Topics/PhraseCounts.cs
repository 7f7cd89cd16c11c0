namespace Sextant.Umap.Topics;

/// <summary>In how many texts of each group a phrase occurs, and how it is written most often.</summary>
internal sealed class PhraseCounts(int groups)
{
    private readonly Dictionary<string, int>[] _ofGroup =
    [
        .. Enumerable.Range(0, groups).Select(_ => new Dictionary<string, int>(StringComparer.Ordinal)),
    ];
    private readonly Dictionary<string, int> _everywhere = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, int>> _surfaces = new(StringComparer.Ordinal);
    private int _texts;

    /// <summary>The mean number of texts of a group.</summary>
    public double MeanTexts => (double)_texts / Math.Max(1, groups);

    /// <summary>Adds the phrases of a text of a group.</summary>
    public void Add(int group, IEnumerable<(string Key, string Surface)> phrases)
    {
        _texts++;
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string key, string surface) in phrases)
        {
            if (!_surfaces.TryGetValue(key, out Dictionary<string, int>? surfaces))
                _surfaces[key] = surfaces = new(StringComparer.Ordinal);
            surfaces[surface] = surfaces.GetValueOrDefault(surface) + 1;
            if (!seen.Add(key))
                continue;
            _ofGroup[group][key] = _ofGroup[group].GetValueOrDefault(key) + 1;
            _everywhere[key] = _everywhere.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>The phrases of a group and the number of its texts that have them.</summary>
    public IEnumerable<(string Key, int Texts)> Of(int group) => _ofGroup[group].Select(pair => (pair.Key, pair.Value));

    /// <summary>The number of texts of all groups that have a phrase.</summary>
    public int Everywhere(string key) => _everywhere[key];

    /// <summary>The form of a phrase that occurs most often.</summary>
    public string Surface(string key) =>
        _surfaces[key].OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;
}
