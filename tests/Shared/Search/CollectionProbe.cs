using System.Globalization;

namespace Sextant.Tests.Shared.Search;

/// <summary>
/// Reads everything from a possibly damaged collection and compares it with the written data: each result is correct, or the damage is
/// reported.
/// </summary>
internal sealed class CollectionProbe(IReadOnlyDictionary<string, Document> written, Func<string, string, float> score)
{
    private const float Tolerance = 1e-4f;

    private readonly List<string> _wrong = [];
    private bool _reported;
    private bool _incomplete;

    /// <summary>Results that were never written, or were silently lost; empty if all is well.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    /// <summary>Whether the damage was reported.</summary>
    public bool Reported => _reported;

    public async Task RunAsync(Func<Task<SemanticSearchEngine>> open)
    {
        await TryAsync(async () =>
        {
            await using SemanticSearchEngine engine = await open();
            foreach (string id in written.Keys)
                await TryAsync(async () => Check(id, await engine.GetAsync(id)));
            await TryAsync(() => ListAsync(engine));
            foreach (SearchMode mode in Enum.GetValues<SearchMode>())
            {
                foreach (Document asked in written.Values.Take(5))
                    await TryAsync(() => SearchAsync(engine, asked, mode));
            }
            // Every document has a year, and the filter is true of each.
            await TryAsync(() => SearchAsync(engine, written.Values.First(), SearchMode.Semantic, "year >= 2000"));
            // A missing document cannot be detected in a result; the full check finds it.
            await TryAsync(async () => _reported |= !(await engine.Maintenance.VerifyAsync()).IsHealthy);
        });
        if (_incomplete && !_reported)
            _wrong.Add("something is missing, and verifying found nothing");
    }

    private async Task ListAsync(SemanticSearchEngine engine)
    {
        HashSet<string> listed = [];
        await foreach (Document document in engine.ListAsync())
        {
            Check(document.Id!, document);
            if (!listed.Add(document.Id!))
                _wrong.Add($"'{document.Id}' is listed twice");
        }

        if (listed.Count != written.Count)
            _wrong.Add($"{listed.Count} documents are listed, and the list ends as if it were whole");
    }

    private async Task SearchAsync(SemanticSearchEngine engine, Document asked, SearchMode mode, string? filter = null)
    {
        int count = filter is null ? 5 : written.Count;
        IReadOnlyList<SearchResult> hits = await engine.SearchAsync(
            asked.Text,
            count,
            new()
            {
                Mode = mode,
                Filter = filter,
                Explain = true,
            }
        );
        foreach (SearchResult hit in hits)
        {
            if (
                !written.TryGetValue(hit.Id, out Document? right)
                || right.Text != hit.Text
                || right.Metadata!.ToJsonString() != hit.Metadata.ToJsonString()
            )
            {
                _wrong.Add($"{mode} search returns '{hit.Id}' as '{hit.Text}' {hit.Metadata.ToJsonString()}");
            }
            else if (!(Math.Abs(hit.Stages!.Semantic!.Score - score(asked.Text, hit.Text)) <= Tolerance))
            {
                _wrong.Add(
                    string.Create(CultureInfo.InvariantCulture, $"{mode} search gives '{hit.Id}' the cosine {hit.Stages.Semantic.Score}")
                );
            }
        }

        _incomplete |= !hits.Any(hit => hit.Id == asked.Id) || (filter is not null && hits.Count != count);
    }

    private void Check(string id, Document? found)
    {
        if (found is null)
        {
            _incomplete = true;
            return;
        }

        if (
            !written.TryGetValue(id, out Document? right)
            || (right.Text, right.Source, right.Metadata!.ToJsonString()) != (found.Text, found.Source, found.Metadata!.ToJsonString())
        )
        {
            _wrong.Add($"'{id}' is returned as '{found.Text}' {found.Source} {found.Metadata!.ToJsonString()}");
        }

        foreach (float value in found.Vector!.Value.Span)
        {
            if (!float.IsFinite(value))
                _wrong.Add($"the vector of '{id}' holds {value}");
        }
    }

    // Every other exception is a fault of the engine, and ends the run.
    private async Task TryAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (SextantException)
        {
            _reported = true;
        }
    }
}
