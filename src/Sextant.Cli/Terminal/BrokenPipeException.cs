namespace Sextant.Cli.Terminal;

/// <summary>The program that read our output has closed its end.</summary>
internal sealed class BrokenPipeException(IOException cause) : IOException(cause.Message, cause);
