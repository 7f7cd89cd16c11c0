namespace Sextant.Benchmarks.Training;

/// <summary>How fast a contender trains.</summary>
/// <param name="Pairs">Pairs for each second of the clock.</param>
/// <param name="PairsByProcessor">Pairs for each second of processor time, of all its threads together.</param>
internal readonly record struct TrainSpeed(double Pairs, double PairsByProcessor);
