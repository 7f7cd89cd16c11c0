using Sextant.Tests.Shared.Stores;

namespace Sextant.Postgres.Tests;

/// <summary>The contract, kept by PostgreSQL.</summary>
public sealed class PostgresStoreTests(PostgresFixture server) : StoreContract
{
    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(server.Location(name), options with { CollectionProviders = [new PostgresProvider()] });
}
