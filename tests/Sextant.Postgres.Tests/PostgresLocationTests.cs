using Sextant.Postgres.Tables;

namespace Sextant.Postgres.Tests;

public sealed class PostgresLocationTests
{
    [Fact]
    public void Location_has_user_hosts_database_and_collection()
    {
        PostgresLocation location = PostgresLocation.Parse(
            "postgresql://me%40home:p%40ss%23w@db1:5433,db2/app?sslmode=require&reads=replicas"
                + "&index=halfvec&partition=tenant&Maximum%20Pool%20Size=7#docs"
        );

        Assert.Equal("docs", location.Collection);
        Assert.Equal(
            ("me@home", "p@ss#w", "db1:5433,db2", "app"),
            (location.Connection.Username, location.Connection.Password, location.Connection.Host, location.Connection.Database)
        );
        Assert.Equal(Npgsql.SslMode.Require, location.Connection.SslMode);
        Assert.Equal(7, location.Connection.MaxPoolSize);
        Assert.Equal((VectorIndexKind.Half, "tenant", true), (location.Index!.Value, location.PartitionBy, location.ReadsFromReplicas));
        Assert.Equal("postgres://me%40home@db1:5433,db2/app#docs", location.Name);
    }

    [Theory]
    [InlineData("postgres://me:s3cret@host/app", "needs a collection")]
    [InlineData("postgres://me:s3cret@host#docs", "needs a database")]
    [InlineData("postgres://me:s3cret@host/app#a\"b", "letters, digits")]
    [InlineData("postgres://me:s3cret@host/app#a123456789b123456789c123456789d123456789e12345678", "1 to 48")]
    [InlineData("postgres://me:s3cret@host/app?index=ivf#docs", "'index' is hnsw, halfvec, binary or none")]
    [InlineData("postgres://me:s3cret@host/app?reads=all#docs", "'reads'")]
    [InlineData("postgres://me:s3cret@host/app?copy=never#docs", "'copy'")]
    [InlineData("postgres://me:s3cret@host/app?color=s3cret#docs", "'color' is not a setting")]
    [InlineData("postgres://me:s3cret@host/app?Timeout=s3cret#docs", "'Timeout' is not a setting")]
    public void Malformed_location_is_a_one_line_error_without_the_password(string location, string says)
    {
        InputException refusal = Assert.Throws<InputException>(() => PostgresLocation.Parse(location));

        Assert.Contains(says, refusal.Message);
        Assert.DoesNotContain("s3cret", refusal.ToString());
    }

    [Fact]
    public async Task Unreachable_server_is_a_one_line_error_without_the_password()
    {
        SextantException failure = await Assert.ThrowsAsync<SextantException>(() =>
            SemanticSearchEngine.OpenAsync(
                "postgres://me:s3cret@127.0.0.1:1/app#docs",
                new() { CollectionProviders = [new PostgresProvider()], CreateIfMissing = false }
            )
        );

        Assert.StartsWith("postgres://me@127.0.0.1:1/app#docs: ", failure.Message);
        Assert.DoesNotContain("s3cret", failure.ToString());
        Assert.DoesNotContain('\n', failure.Message);
    }
}
