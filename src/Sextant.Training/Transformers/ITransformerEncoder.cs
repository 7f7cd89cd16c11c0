using Sextant.Training.Runs;

namespace Sextant.Training.Transformers;

/// <summary>A transformer in training, on any engine.</summary>
public interface ITransformerEncoder : ITrainedEncoder, IDisposable
{
    /// <summary>The current value of a weight.</summary>
    /// <param name="name">Its name in <see cref="TransformerParameter"/>.</param>
    float[] ReadWeight(string name);
}
