namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>What <see cref="Mutator"/> does to an input.</summary>
internal enum Mutation
{
    FlipBit,
    Overwrite,
    Remove,
    Copy,
    Cut,
    Splice,
    ReplaceField,
    RepeatField,
    InsertToken,
}
