namespace Sextant.Training.Adapters;

/// <summary>The function that an adapter computes of a vector x.</summary>
public enum AdapterKind
{
    /// <summary>W·x.</summary>
    Linear = 0,

    /// <summary>W·x + V·max(0, U·x + b): two layers added to the linear map, for distinctions that a linear map cannot make.</summary>
    Mlp = 1,
}
