using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Reflection;
using Sextant.Cli.Commands;
using Sextant.Cli.Commands.Training;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;

namespace Sextant.Cli;

/// <summary>Parses a command line, runs the command, and converts every outcome to an exit code.</summary>
public static class SextantProgram
{
    /// <summary>Runs the command on the process's standard streams and gives the exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="trainTransformer">Trains transformers in this process; <see langword="null"/> to start the command that can.</param>
    public static async Task<int> RunAsync(string[] args, TrainTransformer? trainTransformer = null)
    {
        TransformerTraining.Trainer = trainTransformer;
        ErrorOutput error = ErrorOutput.Install();
        using Shell shell = new(Output.Standard(), Console.Error);
        Interrupt interrupt = new(shell);
        int code = await RunAsync(args, shell, interrupt);
        // Undeliverable messages are a failure, like undeliverable results.
        return code == ExitCode.Done && error.HasFailed ? ExitCode.Failed : code;
    }

    private static async Task<int> RunAsync(string[] args, Shell shell, Interrupt interrupt)
    {
        // Numbers and messages do not depend on the machine's locale.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;

        // "@word" is a text like any other here, not the name of a response file.
        ParserConfiguration parser = new() { ResponseFileTokenReplacer = null };
        ParseResult parsed = CreateRootCommand(CommandList.Create(shell, args)).Parse(args, parser);
        // An error may name any command.
        if (parsed.Errors.Count > 0)
            parsed = CreateRootCommand(CommandList.CreateAll(shell)).Parse(args, parser);
        shell.Json = parsed.GetValue(CommonOptions.Json);
        shell.Quiet = parsed.GetValue(CommonOptions.Quiet);
        shell.Verbose = parsed.GetValue(CommonOptions.Verbose);
        // Invalid options have no value to configure with; their errors are reported below.
        if (parsed.Errors.Count == 0)
            ChosenModel.Configure(parsed);
        string? stray = UsageError.DescribeStrayOption(parsed, args);
        if (
            stray is not null
            || parsed.Action is null or System.CommandLine.Invocation.ParseErrorAction
            || parsed.Errors.Count > 0 && !parsed.Action.ClearsParseErrors
        )
        {
            shell.Fail(stray ?? UsageError.Describe(parsed));
            return ExitCode.Usage;
        }

        var verb = parsed.CommandResult.Command as Verb;
        interrupt.Grace = verb?.Grace ?? interrupt.Grace;
        interrupt.Message = verb?.AfterInterrupt ?? interrupt.Message;
        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = shell.Out.Text,
                Error = shell.Error,
            };
            int code = await parsed.InvokeAsync(configuration, interrupt.Token);
            shell.Out.Flush();
            UsageNote.Show(shell);
            return interrupt.Token.IsCancellationRequested && verb is not { EndsByInterrupt: true } ? interrupt.Announce() : code;
        }
        catch (Exception exception)
        {
            return Failure.Report(exception, shell, interrupt);
        }
    }

    private static RootCommand CreateRootCommand(IEnumerable<Command> commands)
    {
        var root = new RootCommand("Text embeddings: embed, compare, index and search text by meaning, offline.");
        CommonOptions.AddTo(root);
        foreach (Command command in commands)
            root.Subcommands.Add(command);

        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction standard })
                option.Action = new HelpWithExamples(standard);
            else if (option is VersionOption)
                option.Action = new ShowVersion();
        }
        return root;
    }

    private sealed class ShowVersion : System.CommandLine.Invocation.SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            string version = typeof(SextantProgram)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                .InformationalVersion;
            // The part after '+' is the commit, of use to a developer and noise to a script.
            parseResult.InvocationConfiguration.Output.WriteLine($"sextant {version.Split('+')[0]}");
            return ExitCode.Done;
        }
    }
}
