using Sextant.Cli;
using Sextant.Cli.Terminal;

using var shell = new Shell(Output.Standard(), Console.Error);
return await SextantProgram.RunAsync(args, shell);
