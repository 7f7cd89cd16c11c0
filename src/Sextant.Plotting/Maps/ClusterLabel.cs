namespace Sextant.Plotting.Maps;

/// <summary>The name of a cluster.</summary>
/// <param name="Point">The point nearest to the center.</param>
/// <param name="Text">The name.</param>
/// <param name="Count">The number of points.</param>
/// <param name="Box">The part of the map that shows the cluster, without outliers.</param>
internal readonly record struct ClusterLabel(int Point, string Text, int Count, ViewLimits Box);
