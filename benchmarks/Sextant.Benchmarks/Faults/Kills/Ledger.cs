using System.Globalization;
using Sextant.Search;

namespace Sextant.Benchmarks.Faults.Kills;

/// <summary>What a collection must hold: the acknowledged writes, and perhaps the one that was under way.</summary>
internal sealed class Ledger
{
    private Dictionary<string, string>? _pending;

    /// <summary>The text of each document by its id.</summary>
    public Dictionary<string, string> Documents { get; private set; } = [];

    /// <summary>How many writes were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>The text that a write of a version gives a document.</summary>
    public static string TextOf(string id, int version) => string.Create(CultureInfo.InvariantCulture, $"document {id} version {version}");

    /// <summary>A write begins: <c>put VERSION IDS</c> or <c>del VERSION IDS</c>.</summary>
    public void Begin(string write)
    {
        _pending = new(Documents);
        string[] words = write.Split(' ');
        foreach (string id in words[2..])
        {
            if (words[0] == "del")
                _pending.Remove(id);
            else
                _pending[id] = TextOf(id, int.Parse(words[1], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The write that began last was acknowledged.</summary>
    public void Acknowledge()
    {
        Documents = _pending ?? throw new InvalidOperationException("no write began");
        _pending = null;
        Acknowledged++;
    }

    /// <summary>Compares a collection with the acknowledged writes; an interrupted write counts completely or not at all.</summary>
    /// <param name="collection">A collection that opens.</param>
    /// <param name="vectorOf">The vector of a text.</param>
    /// <param name="tolerance">The maximum error of a vector component.</param>
    /// <exception cref="InvalidOperationException">The content differs.</exception>
    public async Task CheckAsync(SemanticSearchEngine collection, Func<string, ValueTask<float[]>> vectorOf, float tolerance)
    {
        Dictionary<string, string> stored = [];
        await foreach (Document document in collection.ListAsync())
        {
            if (!stored.TryAdd(document.Id!, document.Text))
                throw new InvalidOperationException($"'{document.Id}' is there twice");
            float[] right = await vectorOf(document.Text);
            ReadOnlySpan<float> vector = document.Vector!.Value.Span;
            for (int i = 0; i < right.Length; i++)
            {
                if (vector.Length != right.Length || !(Math.Abs(vector[i] - right[i]) <= tolerance))
                    throw new InvalidOperationException($"'{document.Id}' has a vector that is not of its text '{document.Text}'");
            }
        }

        if (_pending is not null && AreSame(stored, _pending))
            Documents = _pending;
        else if (!AreSame(stored, Documents))
            throw new InvalidOperationException(Difference(stored));
        _pending = null;
        CollectionVerification check = await collection.Maintenance.VerifyAsync();
        if (!check.IsHealthy)
            throw new InvalidOperationException(check.Problems[0]);
        foreach ((string id, string text) in Documents.Take(5))
        {
            IReadOnlyList<SearchResult> found = await collection.SearchAsync(text, 3);
            if (found.All(hit => hit.Id != id))
                throw new InvalidOperationException($"'{id}' is not found by its own text");
        }
    }

    private string Difference(Dictionary<string, string> stored)
    {
        string[] lost = [.. Documents.Keys.Where(id => !stored.ContainsKey(id))],
            more = [.. stored.Keys.Where(id => !Documents.ContainsKey(id))];
        string[] changed =
        [
            .. Documents
                .Where(one => stored.TryGetValue(one.Key, out string? text) && text != one.Value)
                .Select(one => $"{one.Key}: '{one.Value}' is '{stored[one.Key]}'"),
        ];
        return $"lost: {string.Join(", ", lost)}; not acknowledged: {string.Join(", ", more)}; changed: {string.Join(", ", changed)}";
    }

    private static bool AreSame(Dictionary<string, string> a, Dictionary<string, string> b) => a.Count == b.Count && !a.Except(b).Any();
}
