using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Sextant.Tests.Shared.Stores;
using Sextant.VectorData;

namespace Sextant.Postgres.Tests;

/// <summary>Collections in PostgreSQL, used through <c>Microsoft.Extensions.VectorData</c>.</summary>
public sealed class PostgresVectorStoreTests(PostgresFixture server) : VectorStoreContract
{
    protected override VectorStore Store(SemanticSearchEngineOptions? options = null, IEmbeddingGenerator? generator = null) =>
        new SextantVectorStore(server.Location("").TrimEnd('#'), (options ?? new()) with { CollectionProviders = [new PostgresProvider()] })
        {
            EmbeddingGenerator = generator,
        };
}
