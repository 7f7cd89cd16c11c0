using Sextant.Evaluation.Statistics;
using Sextant.Index;

namespace Sextant.Evaluation;

/// <summary>A row of the table: one model with vectors kept in one way, on every task.</summary>
public sealed class EvaluationRow
{
    private EvaluationRow(IReadOnlyList<EvaluationResult> results, IReadOnlyList<string> tasks)
    {
        Results = results;
        // A mean over fewer tasks than the other rows have would not be comparable.
        bool whole = results.Count == tasks.Count;
        Mean = whole ? results.Average(static result => result.Main) : double.NaN;
        bool told = whole && results.All(static result => result.Replicates.Count == Bootstrap.Resamples);
        Replicates = told ? [.. Enumerable.Range(0, Bootstrap.Resamples).Select(r => results.Average(result => result.Replicates[r]))] : [];
        Interval = Bootstrap.Interval(Replicates);
        double seconds = results.Sum(static result => result.EmbeddingSeconds);
        TextsPerSecond = seconds > 0 ? results.Sum(static result => result.Texts) / seconds : null;
    }

    /// <summary>The model's name.</summary>
    public string Model => Results[0].Model;

    /// <summary>How many dimensions were kept.</summary>
    public int Dimensions => Results[0].Dimensions;

    /// <summary>How they were kept.</summary>
    public VectorStorage Storage => Results[0].Storage;

    /// <summary>The bytes of one vector.</summary>
    public int BytesPerVector => Storage.Bytes(Dimensions);

    /// <summary>Its results, one for each task.</summary>
    public IReadOnlyList<EvaluationResult> Results { get; }

    /// <summary>The mean of its main scores; not a number when a task has none.</summary>
    public double Mean { get; }

    /// <summary>The mean on each resample.</summary>
    public IReadOnlyList<double> Replicates { get; }

    /// <summary>The 95 % confidence interval of the mean.</summary>
    public (double Low, double High) Interval { get; }

    /// <summary>How many texts the model embedded a second; <see langword="null"/> when all came from a cache.</summary>
    public double? TextsPerSecond { get; }

    /// <summary>Dollars for a million tokens; <see langword="null"/> when that is not known.</summary>
    public decimal? UsdPerMillionTokens => Results[0].UsdPerMillionTokens;

    /// <summary>The result on a task, or <see langword="null"/>.</summary>
    public EvaluationResult? GetResult(string task) => Results.FirstOrDefault(result => result.Task == task);

    /// <summary>Makes rows of results, in the order of their first result.</summary>
    public static IReadOnlyList<EvaluationRow> Create(IEnumerable<EvaluationResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        EvaluationResult[] all = [.. results];
        string[] tasks = [.. all.Select(static result => result.Task).Distinct()];
        return
        [
            .. all.GroupBy(static result => (result.Model, result.Dimensions, result.Storage))
                .Select(group => new EvaluationRow([.. group.DistinctBy(static result => result.Task)], tasks)),
        ];
    }
}
