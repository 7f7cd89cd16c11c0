namespace Sextant.Primitives.Tests;

public sealed class SextantPathsTests
{
    [Fact]
    public void Users_setting_has_priority()
    {
        Assert.Equal("/a/b", Resolve(("SEXTANT_CACHE", "/a/b"), ("XDG_CACHE_HOME", "/xdg")));
        Assert.Equal(Path.GetFullPath("rel"), Resolve(("SEXTANT_CACHE", "rel")));
    }

    [Fact]
    public void XDG_folder_is_second_unless_relative()
    {
        Assert.Equal("/xdg/sextant", Resolve(("XDG_CACHE_HOME", "/xdg")));
        Assert.True(Path.IsPathFullyQualified(Resolve(("XDG_CACHE_HOME", "rel"))));
    }

    [Fact]
    public void Default_folder_is_last() => Assert.Contains("sextant", Resolve(), StringComparison.Ordinal);

    [Fact]
    public void Settings_folder_follows_the_XDG_variable()
    {
        Assert.Equal(Path.Combine("/etc/me", "sextant"), SextantPaths.ResolveConfigDirectory(_ => "/etc/me"));
        Assert.EndsWith("sextant", SextantPaths.ResolveConfigDirectory(_ => "relative/is/ignored"), StringComparison.Ordinal);
    }

    private static string Resolve(params (string Name, string Value)[] variables) =>
        SextantPaths.ResolveCacheDirectory(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
