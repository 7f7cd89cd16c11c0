namespace Sextant.Sources.Reading;

/// <summary>A row or file that was skipped because it cannot be read (<see cref="SourceReaderOptions.SkipBad"/>).</summary>
/// <param name="Source">The file or folder.</param>
/// <param name="Line">The line, from 1; 0 for a whole file.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record SkippedRow(string Source, int Line, string Reason);
