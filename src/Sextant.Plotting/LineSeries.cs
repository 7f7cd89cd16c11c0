namespace Sextant.Plotting;

/// <summary>A line of a <see cref="LineChart"/>.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="X">Where its points are, as many as <paramref name="Y"/>.</param>
/// <param name="Y">Their values; those that are not finite are left out.</param>
/// <param name="OnRightAxis">Whether it is read on the right axis.</param>
public sealed record LineSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, bool OnRightAxis = false);
