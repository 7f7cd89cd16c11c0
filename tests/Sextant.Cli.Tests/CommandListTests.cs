using Sextant.Cli.Commands;
using Sextant.Cli.Terminal;

namespace Sextant.Cli.Tests;

public sealed class CommandListTests
{
    [Fact]
    public void Only_the_named_command_is_created()
    {
        using Shell shell = new(new Output(Stream.Null), TextWriter.Null);
        string[] names = [.. CommandList.CreateAll(shell).Select(static command => command.Name)];

        Assert.Equal(17, names.Length);
        Assert.All(names, name => Assert.Equal(name, Assert.Single(CommandList.Create(shell, [name, "a text", "--json"])).Name));
    }

    [Theory]
    [InlineData]
    [InlineData("serach", "a.txt")]
    [InlineData("search", "--help")]
    public void Help_and_unknown_words_create_all_commands(params string[] args)
    {
        using Shell shell = new(new Output(Stream.Null), TextWriter.Null);
        Assert.Equal(17, CommandList.Create(shell, args).Count());
    }
}
