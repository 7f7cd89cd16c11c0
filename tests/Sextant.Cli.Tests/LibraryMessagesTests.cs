using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests;

/// <summary>Libraries stand without the command: they name options by their properties, and only the command knows its flags.</summary>
public sealed class LibraryMessagesTests
{
    [Fact]
    public void Library_messages_name_no_option_or_command()
    {
        string[] libraries =
        [
            .. Directory
                .EnumerateFiles(AppContext.BaseDirectory, "Sextant*.dll")
                .Where(static file =>
                    Path.GetFileName(file) is not "Sextant.Cli.dll" && !file.EndsWith(".Tests.dll", StringComparison.Ordinal)
                ),
        ];

        Assert.Contains(libraries, static file => Path.GetFileName(file) == "Sextant.Core.dll");
        Assert.Contains(libraries, static file => Path.GetFileName(file) == "Sextant.Server.dll");
        Assert.Empty(libraries.SelectMany(CommandWords.Find));
        Assert.NotEmpty(CommandWords.Find(typeof(ExitCode).Assembly.Location));
    }

    [Fact]
    public void Every_remedy_has_a_command() =>
        Assert.All(
            Enum.GetValues<RemedyAction>(),
            static action => Assert.StartsWith("sextant ", RemedyCommands.Find(new Remedy(action, "x y")), StringComparison.Ordinal)
        );

    [Theory]
    [InlineData(RemedyAction.RestoreCollection, "my docs", "sextant collection restore BACKUP \"my docs\"")]
    [InlineData(RemedyAction.DownloadModel, "hf:acme/tiny", "sextant models pull hf:acme/tiny")]
    public void Remedy_is_printed_as_a_command(RemedyAction action, string subject, string command) =>
        Assert.Equal(command, RemedyCommands.Find(new Remedy(action, subject)));
}
