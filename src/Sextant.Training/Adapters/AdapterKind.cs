namespace Sextant.Training.Adapters;

/// <summary>What an adapter computes of a vector x.</summary>
public enum AdapterKind
{
    /// <summary>W·x.</summary>
    Linear = 0,

    /// <summary>W·x + V·max(0, U·x + b): two layers around the linear map, for what a straight map cannot tell apart.</summary>
    Mlp = 1,
}
