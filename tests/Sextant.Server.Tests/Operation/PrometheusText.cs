using System.Globalization;
using System.Text.RegularExpressions;

namespace Sextant.Server.Tests.Operation;

/// <summary>One line of a scrape that has a value.</summary>
/// <param name="Family">The metric that the line belongs to: of a histogram, the name without _bucket, _sum or _count.</param>
/// <param name="Name">The name.</param>
/// <param name="Labels">The labels.</param>
/// <param name="Value">The value.</param>
internal sealed record Sample(string Family, string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>
/// A strict reader of Prometheus's text format 0.0.4: grammar, one TYPE for each metric before its values, the lines of a metric together,
/// no series twice, and histograms that are cumulative and end with +Inf.
/// </summary>
internal static partial class PrometheusText
{
    private static readonly string[] HistogramSuffixes = ["_bucket", "_sum", "_count"];

    public static IReadOnlyList<Sample> Read(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Dictionary<string, string> types = new(StringComparer.Ordinal);
        HashSet<string> closed = new(StringComparer.Ordinal),
            series = new(StringComparer.Ordinal);
        List<Sample> samples = [];
        string current = "";
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                Enter(comment.Groups["name"].Value, line);
                if (comment.Groups["kind"].Value == "TYPE")
                    Assert.True(types.TryAdd(current, comment.Groups["rest"].Value), line);
                continue;
            }

            Match match = Value().Match(line);
            Assert.True(match.Success, line);
            string name = match.Groups["name"].Value;
            string? suffix = HistogramSuffixes.FirstOrDefault(one => name.EndsWith(one, StringComparison.Ordinal));
            string family =
                suffix is not null && types.GetValueOrDefault(name[..^suffix.Length]) == "histogram" ? name[..^suffix.Length] : name;
            Enter(family, line);
            Assert.True(types.ContainsKey(family), $"without TYPE: {line}");
            string[] names = [.. match.Groups["label"].Captures.Select(static one => one.Value)];
            Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
            Assert.True(series.Add(name + string.Join(',', Pairs(match).Order(StringComparer.Ordinal))), $"twice: {line}");
            Dictionary<string, string> labels = names
                .Zip(match.Groups["value"].Captures.Select(static one => one.Value))
                .ToDictionary(static one => one.First, static one => one.Second, StringComparer.Ordinal);
            samples.Add(new(family, name, labels, Number(match.Groups["number"].Value)));
        }

        foreach ((string family, string type) in types)
            Check(family, type, [.. samples.Where(one => one.Family == family)]);
        return samples;

        void Enter(string family, string line)
        {
            if (family == current)
                return;
            closed.Add(current);
            Assert.False(closed.Contains(family), $"apart from the other lines of the metric: {line}");
            current = family;
        }
    }

    private static IEnumerable<string> Pairs(Match match) =>
        match.Groups["label"].Captures.Zip(match.Groups["value"].Captures).Select(static one => $"{one.First.Value}={one.Second.Value}");

    private static void Check(string family, string type, Sample[] samples)
    {
        Assert.Contains(type, (string[])["counter", "gauge", "histogram"]);
        if (type == "counter")
        {
            Assert.EndsWith("_total", family, StringComparison.Ordinal);
            Assert.All(samples, static one => Assert.True(one.Value >= 0));
        }

        if (type != "histogram")
            return;
        foreach (IGrouping<string, Sample> one in samples.GroupBy(static one => Rest(one.Labels)))
        {
            Sample[] buckets = [.. one.Where(sample => sample.Name == family + "_bucket")];
            Assert.Equal(buckets.OrderBy(static bucket => Number(bucket.Labels["le"])), buckets);
            Assert.Equal(buckets.OrderBy(static bucket => bucket.Value), buckets);
            Assert.Equal("+Inf", buckets[^1].Labels["le"]);
            Assert.Equal(Assert.Single(one, sample => sample.Name == family + "_count").Value, buckets[^1].Value);
            Assert.Single(one, sample => sample.Name == family + "_sum");
        }
    }

    private static string Rest(IReadOnlyDictionary<string, string> labels) =>
        string.Join(',', labels.Where(static label => label.Key != "le").OrderBy(static label => label.Key, StringComparer.Ordinal));

    private static double Number(string text) =>
        text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(text, CultureInfo.InvariantCulture),
        };

    [GeneratedRegex(
        @"\A# (?<kind>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>([^\\]|\\\\|\\n)*)\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Comment();

    [GeneratedRegex(
        @"\A(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
            + @"(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)=""(?<value>([^\\""]|\\\\|\\""|\\n)*)""(,(?!\})|(?=\})))+\})?"
            + @" (?<number>[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|[+-]Inf|NaN)\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Value();
}
