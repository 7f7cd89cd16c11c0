namespace Sextant.Primitives.Tests;

public sealed class SextantPathsTests
{
    [Fact]
    public void The_users_own_choice_comes_first()
    {
        Assert.Equal("/a/b", Resolve(("SEXTANT_CACHE", "/a/b"), ("XDG_CACHE_HOME", "/xdg")));
        Assert.Equal(Path.GetFullPath("rel"), Resolve(("SEXTANT_CACHE", "rel")));
    }

    [Fact]
    public void The_xdg_folder_comes_second_unless_it_is_relative()
    {
        Assert.Equal("/xdg/sextant", Resolve(("XDG_CACHE_HOME", "/xdg")));
        Assert.True(Path.IsPathFullyQualified(Resolve(("XDG_CACHE_HOME", "rel"))));
    }

    [Fact]
    public void Without_either_there_is_still_a_folder() => Assert.Contains("sextant", Resolve(), StringComparison.Ordinal);

    [Fact]
    public void The_settings_folder_follows_the_xdg_variable()
    {
        Assert.Equal(Path.Combine("/etc/me", "sextant"), SextantPaths.ResolveConfigDirectory(_ => "/etc/me"));
        Assert.EndsWith("sextant", SextantPaths.ResolveConfigDirectory(_ => "relative/is/ignored"), StringComparison.Ordinal);
    }

    private static string Resolve(params (string Name, string Value)[] variables) =>
        SextantPaths.ResolveCacheDirectory(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
