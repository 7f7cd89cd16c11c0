using Sextant.Postgres.Connections;
using Sextant.Postgres.Tables;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.Postgres;

/// <summary>
/// Opens collections in PostgreSQL with pgvector: <c>postgres://user:password@host:port/database#collection</c>.
/// </summary>
/// <remarks>
/// See docs/postgres.md for the query parameters before the <c>#</c>. The password may also come from <c>PGPASSWORD</c> or a password file,
/// as in PostgreSQL's own programs.
/// <example>
/// <code>
/// SemanticSearchEngineOptions options = new() { Collections = [new PostgresProvider()] };
/// await using var engine = await SemanticSearchEngine.OpenAsync("postgres://me@db.example/app#docs", options);
/// </code>
/// </example>
/// </remarks>
public sealed class PostgresProvider : CollectionProvider
{
    /// <inheritdoc/>
    public override bool Handles(string location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return location.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            || location.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public override CollectionLocation GetLocation(string location) => new PostgresCollectionLocation(PostgresLocation.Parse(location));

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> ListAsync(string location, CancellationToken cancellationToken)
    {
        // The name is needed to be well formed, and is not looked for.
        PostgresServer server = new(PostgresLocation.Parse($"{location}#collections"));
        await using (server.ConfigureAwait(false))
            return await server.ReadAsync(PostgresRegistry.ListAsync, cancellationToken).ConfigureAwait(false);
    }
}
