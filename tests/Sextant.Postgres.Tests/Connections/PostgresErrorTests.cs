using System.Net.Sockets;
using Npgsql;
using Sextant.Postgres.Connections;

namespace Sextant.Postgres.Tests.Connections;

public sealed class PostgresErrorTests
{
    private static readonly PostgresLocation OneHost = PostgresLocation.Parse("postgres://me:s3cret@db/app#docs");
    private static readonly PostgresLocation TwoHosts = PostgresLocation.Parse("postgres://me:s3cret@db,db2/app#docs");

    [Theory]
    [InlineData(PostgresErrorCodes.InvalidPassword, nameof(FailureCause.Permanent))]
    [InlineData(PostgresErrorCodes.InvalidAuthorizationSpecification, nameof(FailureCause.Permanent))]
    [InlineData(PostgresErrorCodes.InvalidCatalogName, nameof(FailureCause.Permanent))]
    [InlineData(PostgresErrorCodes.InsufficientPrivilege, nameof(FailureCause.Permanent))]
    [InlineData(PostgresErrorCodes.FeatureNotSupported, nameof(FailureCause.Permanent))]
    [InlineData(PostgresErrorCodes.UndefinedFile, nameof(FailureCause.Permanent))]
    [InlineData(PostgresErrorCodes.ProgramLimitExceeded, nameof(FailureCause.Permanent))]
    [InlineData(PostgresErrorCodes.DiskFull, nameof(FailureCause.StorageFull))]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction, nameof(FailureCause.ReadOnly))]
    [InlineData(PostgresErrorCodes.AdminShutdown, nameof(FailureCause.Temporary))]
    [InlineData(PostgresErrorCodes.CannotConnectNow, nameof(FailureCause.Temporary))]
    [InlineData(PostgresErrorCodes.TooManyConnections, nameof(FailureCause.Temporary))]
    [InlineData(PostgresErrorCodes.SerializationFailure, nameof(FailureCause.Temporary))]
    [InlineData(PostgresErrorCodes.OutOfMemory, nameof(FailureCause.Temporary))]
    [InlineData(PostgresErrorCodes.QueryCanceled, nameof(FailureCause.Temporary))]
    public void Server_error_code_decides_whether_to_retry(string state, string cause)
    {
        SextantException error = PostgresError.Translate(new PostgresException("no\nway.", "FATAL", "FATAL", state), OneHost);

        Assert.Equal(cause, error.Cause.ToString());
        Assert.StartsWith(
            $"postgres://me@db/app#docs: no way ({state})",
            error.Message.Replace("no  way", "no way", StringComparison.Ordinal).Replace(". (", " (", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("s3cret", error.Message);
    }

    [Fact]
    public void Read_only_host_fails_over_to_another()
    {
        PostgresException readOnly = new(
            "cannot execute INSERT in a read-only transaction",
            "ERROR",
            "ERROR",
            PostgresErrorCodes.ReadOnlySqlTransaction
        );

        Assert.True(PostgresError.MayPass(readOnly, TwoHosts));
        Assert.False(PostgresError.MayPass(readOnly, OneHost));
        Assert.Contains("primary", PostgresError.Translate(readOnly, OneHost).Message);
    }

    [Fact]
    public void Refused_and_timed_out_connections_are_transient_and_a_bad_certificate_is_not()
    {
        Assert.Equal(FailureCause.Temporary, PostgresError.Translate(new NpgsqlException("x", new SocketException()), OneHost).Cause);
        Assert.Equal(FailureCause.Temporary, PostgresError.Translate(new NpgsqlException("x", new TimeoutException()), OneHost).Cause);
        Assert.Equal(
            FailureCause.Permanent,
            PostgresError.Translate(new NpgsqlException("x", new System.Security.Authentication.AuthenticationException()), OneHost).Cause
        );
        Assert.Equal(FailureCause.Permanent, PostgresError.Translate(new NpgsqlException("No password has been provided"), OneHost).Cause);
    }
}
