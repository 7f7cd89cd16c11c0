using Sextant.ConformanceTests;

namespace Sextant.Postgres.Tests;

/// <summary>Collections in PostgreSQL.</summary>
public sealed class TestedPostgres(PostgresFixture server) : TestedStore
{
    public override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(server.Location(name), options with { CollectionProviders = [new PostgresProvider()] });
}

public sealed class PostgresDocumentTests(PostgresFixture server) : DocumentTests(new TestedPostgres(server));

public sealed class PostgresRoundTripTests(PostgresFixture server) : RoundTripTests(new TestedPostgres(server));

public sealed class PostgresRankingTests(PostgresFixture server) : RankingTests(new TestedPostgres(server));

public sealed class PostgresMetricTests(PostgresFixture server) : MetricTests(new TestedPostgres(server));

public sealed class PostgresFilterTests(PostgresFixture server) : FilterTests(new TestedPostgres(server));

public sealed class PostgresKeywordTests(PostgresFixture server) : KeywordTests(new TestedPostgres(server));

public sealed class PostgresStageTests(PostgresFixture server) : StageTests(new TestedPostgres(server));

public sealed class PostgresConcurrencyTests(PostgresFixture server) : ConcurrencyTests(new TestedPostgres(server));

public sealed class PostgresReembeddingTests(PostgresFixture server) : ReembeddingTests(new TestedPostgres(server));

public sealed class PostgresReembeddingConcurrencyTests(PostgresFixture server) : ReembeddingConcurrencyTests(new TestedPostgres(server));

public sealed class PostgresIndexingTests(PostgresFixture server) : IndexingTests(new TestedPostgres(server));

public sealed class PostgresFacetTests(PostgresFixture server) : FacetTests(new TestedPostgres(server));

public sealed class PostgresGroupTests(PostgresFixture server) : GroupTests(new TestedPostgres(server));

public sealed class PostgresBrowsingTests(PostgresFixture server) : BrowsingTests(new TestedPostgres(server));

public sealed class PostgresSelectionTests(PostgresFixture server) : SelectionTests(new TestedPostgres(server));

public sealed class PostgresRecommendationTests(PostgresFixture server) : RecommendationTests(new TestedPostgres(server));
