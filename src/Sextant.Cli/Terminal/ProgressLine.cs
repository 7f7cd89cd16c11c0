using Spectre.Console;

namespace Sextant.Cli.Terminal;

/// <summary>
/// A progress line on standard error: the current work, the completed fraction, and the remaining time. Shown only on a terminal, so that
/// logs stay readable, and erased when the work ends.
/// </summary>
internal sealed class ProgressLine
{
    private readonly ProgressTask? _task;

    private ProgressLine(ProgressTask? task) => _task = task;

    /// <summary>Runs <paramref name="work"/> under a progress line that begins as <paramref name="title"/>.</summary>
    public static async Task<T> RunAsync<T>(Shell shell, string title, Func<ProgressLine, Task<T>> work)
    {
        if (!shell.ShowsProgress)
            return await work(new ProgressLine(task: null));

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(shell.Error) });
        return await console
            .Progress()
            .AutoClear(enabled: true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new ProgressLine(context.AddTask(Markup.Escape(title), maxValue: 1).IsIndeterminate())));
    }

    /// <summary>
    /// Moves the line to <paramref name="done"/> of <paramref name="total"/>; without a total it shows activity and the count.
    /// </summary>
    public void Report(string what, long done, long? total)
    {
        if (_task is null)
            return;

        _task.IsIndeterminate = total is null or 0;
        _task.Description = Markup.Escape(total is null or 0 ? $"{what} {done:N0}" : $"{what} {done:N0} of {total:N0}");
        if (total is > 0)
        {
            _task.MaxValue = total.Value;
            _task.Value = done;
        }
    }
}
