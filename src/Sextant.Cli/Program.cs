using Sextant.Cli;

return await SextantProgram.RunAsync(args);
