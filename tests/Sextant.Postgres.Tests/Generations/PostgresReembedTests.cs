using Sextant.Tests.Shared.Stores;

namespace Sextant.Postgres.Tests.Generations;

/// <summary>Moving to another model, in PostgreSQL.</summary>
public sealed class PostgresReembedTests(PostgresFixture server) : ReembedContract
{
    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(server.Location(name), options with { CollectionProviders = [new PostgresProvider()] });
}
