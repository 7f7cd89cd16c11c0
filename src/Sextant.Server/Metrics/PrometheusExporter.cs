using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Sextant.Server.Metrics;

/// <summary>
/// Writes the current metrics in Prometheus's text format (0.0.4), with the names that OpenTelemetry defines for it. OpenTelemetry's own
/// exporter for this exists as a prerelease only.
/// </summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _lock = new();
    private StringBuilder _text = new();

    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects and writes all metrics.</summary>
    public string Write()
    {
        lock (_lock)
        {
            _text = new();
            Collect?.Invoke(Timeout.Infinite);
            return _text.ToString();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (Metric metric in batch)
            Write(metric);
        return ExportResult.Success;
    }

    private void Write(Metric metric)
    {
        string? type = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
            MetricType.Histogram => "histogram",
            _ => null,
        };
        if (type is null)
            return;
        string name = NameOf(metric.Name, metric.Unit, isCounter: type == "counter");
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {EscapeHelp(metric.Description)}\n");
        _text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            string labels = Labels(point.Tags);
            if (type == "histogram")
                WriteHistogram(name, labels, point);
            else
                Line(name, labels, Value(metric.MetricType, point));
        }
    }

    private void WriteHistogram(string name, string labels, in MetricPoint point)
    {
        long count = 0;
        string separator = labels.Length > 0 ? "," : "";
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            Line($"{name}_bucket", $"{labels}{separator}le=\"{Number(bucket.ExplicitBound)}\"", count);
        }

        Line($"{name}_sum", labels, point.GetHistogramSum());
        Line($"{name}_count", labels, point.GetHistogramCount());
    }

    private void Line(string name, string labels, double value) =>
        _text.Append(name).Append(labels.Length > 0 ? $"{{{labels}}}" : "").Append(' ').Append(Number(value)).Append('\n');

    private static double Value(MetricType type, in MetricPoint point) =>
        type switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
            MetricType.LongGauge => point.GetGaugeLastValueLong(),
            _ => point.GetGaugeLastValueDouble(),
        };

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>
    /// The name for Prometheus: <c>http.server.request.duration</c> in seconds is <c>http_server_request_duration_seconds</c>.
    /// </summary>
    internal static string NameOf(string name, string unit, bool isCounter)
    {
        string suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "USD" => "_usd",
            _ => "",
        };
        string plain = Plain(name);
        return (plain.EndsWith(suffix, StringComparison.Ordinal) ? plain : plain + suffix) + (isCounter ? "_total" : "");
    }

    private static string Labels(ReadOnlyTagCollection tags)
    {
        List<string> labels = [];
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            string value = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            labels.Add($"{Plain(tag.Key)}=\"{Escape(value)}\"");
        }

        return string.Join(',', labels);
    }

    private static string Escape(string value) => EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string EscapeHelp(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Plain(string name) => string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
