using Sextant.Training.Runs;

namespace Sextant.Training.Transformers;

/// <summary>A transformer while it learns, on whatever engine computes it.</summary>
public interface ITransformerEncoder : ITrainedEncoder, IDisposable
{
    /// <summary>A weight as it is now.</summary>
    /// <param name="name">Its name in <see cref="TransformerParameter"/>.</param>
    float[] ReadWeight(string name);
}
