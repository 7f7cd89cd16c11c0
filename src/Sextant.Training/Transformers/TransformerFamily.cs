namespace Sextant.Training.Transformers;

/// <summary>
/// Encoders that differ in the names of their weights and in how they count positions, and in nothing else that matters here.
/// </summary>
public enum TransformerFamily
{
    /// <summary>Devlin et al. 2019 (arXiv:1810.04805).</summary>
    Bert = 0,

    /// <summary>Liu et al. 2019 (arXiv:1907.11692), and XLM-RoBERTa.</summary>
    Roberta = 1,

    /// <summary>Sanh et al. 2019 (arXiv:1910.01108).</summary>
    DistilBert = 2,
}
