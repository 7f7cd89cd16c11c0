using System.Runtime.InteropServices;

namespace Sextant.Index.Graphs;

/// <summary>The data of a node other than its vector and links.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 16)]
internal struct NodeRecord
{
    /// <summary>The caller's name for it.</summary>
    public long Id;

    /// <summary>
    /// Where its links above level 0 begin among <see cref="Graph.UpperLinks"/>; they follow each other, a record a level.
    /// </summary>
    public int Upper;

    /// <summary>The highest level that it is on.</summary>
    public byte Level;

    /// <summary>One of <see cref="NodeState"/>.</summary>
    public NodeState State;

    /// <summary>Whether <see cref="TwinTable"/> has a group for it. Not read from files: groups are made again from the twins.</summary>
    public bool HasTwins;
}

/// <summary>The state of a node.</summary>
internal enum NodeState : byte
{
    /// <summary>The slot is free, and nothing links to it.</summary>
    Free = 0,

    /// <summary>It can be found.</summary>
    Live = 1,

    /// <summary>Removed: searches pass through it but never return it.</summary>
    Removed = 2,

    /// <summary>On its way in: searches and other insertions may meet it, but it is not returned yet.</summary>
    Linking = 3,

    /// <summary>It can be found, and has no links: its code equals that of a node of the graph, which searches meet in its place.</summary>
    Twin = 4,

    /// <summary>Removed like <see cref="Removed"/>, but kept in the graph for its twins.</summary>
    Hollow = 5,
}
