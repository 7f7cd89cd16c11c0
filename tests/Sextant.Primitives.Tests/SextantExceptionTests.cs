namespace Sextant.Primitives.Tests;

public sealed class SextantExceptionTests
{
    [Theory]
    [InlineData("a.csv:1: no field 'x'", "a.csv:1: no field 'x'")]
    [InlineData("a\r\nb.csv: no field '\u001b[2J'", "a  b.csv: no field ' [2J'")]
    public void Message_is_one_line_for_any_quoted_name(string message, string shown)
    {
        Assert.Equal(shown, new SextantException(message).Message);
        Assert.Equal(shown, new InputException(message, new IOException()).Message);
    }
}
