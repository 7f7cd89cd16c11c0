using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;

namespace Sextant.Models.Tests;

public sealed class ModelRegistryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_opens_by_its_path()
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await ModelRegistry.Default.OpenAsync(TinyModel.Write(_folder.Path));
        Assert.Equal(8, model.GetService<ModelProfile>()!.Dimensions);
    }

    [Theory]
    [InlineData("sextant-smal", "unknown model 'sextant-smal'")]
    [InlineData("./no/such/folder", "no such model folder")]
    [InlineData("", "unknown model")]
    public async Task Unknown_name_is_an_input_error(string name, string message)
    {
        InputException e = await Assert.ThrowsAsync<InputException>(() => ModelRegistry.Default.OpenAsync(name));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_without_a_model_is_an_error_that_names_the_missing_file()
    {
        InputException e = await Assert.ThrowsAsync<InputException>(() => ModelRegistry.Default.OpenAsync(_folder.Path));
        Assert.Contains("config.json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Providers_are_queried_in_order_and_can_be_added()
    {
        ModelRegistry registry = ModelRegistry.Default.WithProviders(new Fake("mine"), new Fake("mine"));
        NotSupportedException e = await Assert.ThrowsAsync<NotSupportedException>(() => registry.OpenAsync("mine"));
        Assert.Equal("mine opened", e.Message);
        await Assert.ThrowsAsync<InputException>(() => ModelRegistry.Default.OpenAsync("mine"));
    }

    private sealed class Fake(string known) : IModelProvider
    {
        public bool Handles(string name) => name == known;

        public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException($"{name} opened");
    }
}
