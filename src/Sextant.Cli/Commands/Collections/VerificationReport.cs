using System.Globalization;
using System.Text.Json;
using Sextant.Cli.Terminal;
using Sextant.Search;

namespace Sextant.Cli.Commands.Collections;

/// <summary>Says what checking a collection found, for a person or as JSON.</summary>
internal static class VerificationReport
{
    private const int Bins = 8;

    public static void Write(
        Shell shell,
        string collection,
        CollectionVerification verification,
        IReadOnlyList<string> repairs,
        RecallReport? recall,
        bool tuned
    )
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json => Write(json, collection, verification, repairs, recall));
            return;
        }
        foreach (string repair in repairs)
            shell.Out.WriteLine($"{collection}: {repair}");
        foreach (string problem in verification.Problems)
            shell.Out.WriteLine($"{collection}: {problem}");
        if (verification.CanBeRepaired && repairs.Count == 0)
            shell.Note($"repair it with: sextant collection verify {collection} --repair");
        if (verification.IsHealthy)
            shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{collection}: ok, {verification.Documents:N0} documents"));
        if (recall is null)
            return;
        shell.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"recall@{recall.K} {recall.Recall:F4} (95 %: {recall.Low:F4} to {recall.High:F4}; {recall.Samples} queries), "
                    + $"efSearch {recall.EfSearch}{(tuned ? ", kept for later searches" : "")}"
                    + $"{(recall.Degrees.Count > 0 ? $"; {recall.Unreachable} unreachable" : "")}"
            )
        );
        if (recall.Degrees.Count == 0)
            return;
        var table = new ReportTable("links", "vectors");
        foreach ((int from, int to, int vectors) in Histogram(recall.Degrees))
            table.Add(from == to ? $"{from}" : $"{from}-{to}", vectors.ToString(CultureInfo.InvariantCulture));
        table.Write(shell.Out);
    }

    private static void Write(
        Utf8JsonWriter json,
        string collection,
        CollectionVerification verification,
        IReadOnlyList<string> repairs,
        RecallReport? report
    )
    {
        json.WriteString("collection", collection);
        json.WriteBoolean("ok", verification.IsHealthy);
        json.WriteNumber("documents", verification.Documents);
        if ((report?.Recall ?? verification.Recall) is { } recall)
            json.WriteNumber("recall", Math.Round(recall, 4));
        Strings("problems", verification.Problems);
        Strings("repairs", repairs);
        if (report is null)
            return;
        json.WriteNumber("recall_low", Math.Round(report.Low, 4));
        json.WriteNumber("recall_high", Math.Round(report.High, 4));
        json.WriteNumber("k", report.K);
        json.WriteNumber("samples", report.Samples);
        json.WriteNumber("ef_search", report.EfSearch);
        json.WriteNumber("unreachable", report.Unreachable);
        json.WriteStartArray("degrees");
        foreach (int vectors in report.Degrees)
            json.WriteNumberValue(vectors);
        json.WriteEndArray();

        void Strings(string name, IReadOnlyList<string> values)
        {
            json.WriteStartArray(name);
            foreach (string value in values)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }
    }

    private static IEnumerable<(int From, int To, int Vectors)> Histogram(IReadOnlyList<int> degrees)
    {
        int width = (degrees.Count + Bins - 1) / Bins;
        for (int from = 0; from < degrees.Count; from += width)
        {
            int to = Math.Min(degrees.Count, from + width) - 1;
            yield return (from, to, degrees.Skip(from).Take(to - from + 1).Sum());
        }
    }
}
