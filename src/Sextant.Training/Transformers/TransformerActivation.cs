namespace Sextant.Training.Transformers;

/// <summary>The nonlinearity of the inner layer (Hendrycks and Gimpel 2016, arXiv:1606.08415).</summary>
public enum TransformerActivation
{
    /// <summary>x·Φ(x) with the error function.</summary>
    Gelu = 0,

    /// <summary>The same with the hyperbolic tangent.</summary>
    GeluTanh = 1,

    /// <summary>max(0, x).</summary>
    Relu = 2,
}
