using Sextant.Tests.Shared.Stores;

namespace Sextant.Postgres.Tests;

/// <summary>Indexing into PostgreSQL.</summary>
public sealed class PostgresIndexingTests(PostgresFixture server) : IndexingContract
{
    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(server.Location(name), options with { CollectionProviders = [new PostgresProvider()] });
}
