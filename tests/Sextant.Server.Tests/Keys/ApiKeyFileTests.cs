using System.Net;
using Sextant.Server.Keys;
using Sextant.Tests.Shared;

namespace Sextant.Server.Tests.Keys;

public sealed class ApiKeyFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Keys_are_random_and_only_their_hashes_are_stored()
    {
        ApiKeyFile file = new(_folder.File("keys.json"));
        string first = await file.CreateAsync(new("first", [KeyGrant.Parse("faq=read")]) { RequestsPerSecond = 7, UsdPerDay = 1.5m });
        string second = await file.CreateAsync(new("second", [KeyGrant.Parse("*=all")]));
        string stored = await File.ReadAllTextAsync(file.Path, TestContext.Current.CancellationToken);

        Assert.Equal(67, first.Length);
        Assert.NotEqual(first, second);
        Assert.DoesNotContain(first[3..], stored, StringComparison.Ordinal);
        Assert.Equal(["first", "second"], file.List().Select(key => key.Name));
        Assert.Equal((7, 1.5m), (file.List()[0].RequestsPerSecond, file.List()[0].UsdPerDay));
        Assert.Equal("faq=read", Assert.Single(file.List()[0].Grants).ToString());
        await file.RevokeAsync("first");
        Assert.Equal("second", Assert.Single(file.List()).Name);
        await Assert.ThrowsAsync<InputException>(() => file.RevokeAsync("first"));
        await Assert.ThrowsAsync<InputException>(() => file.CreateAsync(new("second", [KeyGrant.Parse("*=all")])));
        await Assert.ThrowsAsync<InputException>(() => file.CreateAsync(new("none", [])));
        await Assert.ThrowsAsync<InputException>(() => file.CreateAsync(new("../x", [KeyGrant.Parse("*=all")])));
    }

    [Fact]
    public async Task Keys_that_are_created_at_the_same_time_are_all_kept()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    Task.Run(() => new ApiKeyFile(_folder.File("keys.json")).CreateAsync(new($"k{i}", [KeyGrant.Parse("*=read")])))
                )
        );

        Assert.Equal(20, new ApiKeyFile(_folder.File("keys.json")).List().Count);
    }

    [Theory]
    [InlineData("faq", "docs-*=read,write")]
    [InlineData("=read", "not the name of a collection")]
    [InlineData("*a=read", "not the name of a collection")]
    [InlineData("a/b=read", "not the name of a collection")]
    [InlineData("faq=", "is not read, write")]
    [InlineData("faq=read,delete", "'delete'")]
    public void Wrong_grant_is_an_error_that_shows_the_form(string grant, string says) =>
        Assert.Contains(says, Assert.Throws<InputException>(() => KeyGrant.Parse(grant)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("faq=read", "faq", true)]
    [InlineData("faq=read", "faq2", false)]
    [InlineData("faq*=read", "faq2", true)]
    [InlineData("faq*=read", "Faq", false)]
    [InlineData("*=read", "anything", true)]
    public void Grant_covers_names_and_beginnings_of_names(string grant, string collection, bool covers) =>
        Assert.Equal(covers, KeyGrant.Parse(grant).Covers(collection));

    [Theory]
    [InlineData("{\"keys\":[{\"name\":\"a\"}]}")]
    [InlineData("{\"keys\":[{\"name\":\"a\",\"hash\":\"00\",\"grants\":[\"*=all\"],\"created\":\"2026-01-01T00:00:00Z\"}]}")]
    [InlineData("{\"keys\":")]
    [InlineData("")]
    public void Damaged_file_is_an_error_that_names_it(string content)
    {
        File.WriteAllText(_folder.File("keys.json"), content);

        InputException error = Assert.Throws<InputException>(() => new ApiKeyFile(_folder.File("keys.json")).Read());
        Assert.Contains(_folder.File("keys.json"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Running_service_requires_new_keys_forgets_revoked_ones_and_never_opens_again()
    {
        await using InProcessService service = await InProcessService.StartAsync();
        Assert.Equal((200, null), await service.StatusAsync(null, "GET", "/v1/models"));
        string key = await service.CreateKeyAsync("one", "*=read");
        await BecomesAsync(key, 200);
        await BecomesAsync(null, 401);

        await File.WriteAllTextAsync(service.Keys.Path, "damaged", TestContext.Current.CancellationToken);
        await Task.Delay(1200, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await service.SendAsync(key, "GET", "/v1/models")).StatusCode);
        File.Delete(service.Keys.Path);
        await BecomesAsync(key, 401);
        await BecomesAsync(null, 401);

        async Task BecomesAsync(string? shown, int status)
        {
            while ((await service.StatusAsync(shown, "GET", "/v1/models")).Status != status)
                await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
