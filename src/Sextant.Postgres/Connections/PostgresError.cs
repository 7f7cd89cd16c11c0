using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;
using Npgsql;

namespace Sextant.Postgres.Connections;

/// <summary>Distinguishes transient failures from permanent ones, and describes each in one line without secrets.</summary>
internal static class PostgresError
{
    private static readonly string[] PassingStates =
    [
        PostgresErrorCodes.SerializationFailure,
        PostgresErrorCodes.DeadlockDetected,
        // A server that shuts down or starts up.
        PostgresErrorCodes.AdminShutdown,
        PostgresErrorCodes.CrashShutdown,
        PostgresErrorCodes.CannotConnectNow,
        PostgresErrorCodes.TooManyConnections,
        PostgresErrorCodes.ConnectionException,
        PostgresErrorCodes.ConnectionFailure,
        PostgresErrorCodes.ConnectionDoesNotExist,
        PostgresErrorCodes.SqlClientUnableToEstablishSqlConnection,
        PostgresErrorCodes.SqlServerRejectedEstablishmentOfSqlConnection,
        // Two that made the same thing at the same moment; the second try finds it there.
        PostgresErrorCodes.UniqueViolation,
    ];

    // Not worth repeating at once, but nothing is wrong with the request or the configuration.
    private static readonly string[] LaterStates =
    [
        PostgresErrorCodes.InsufficientResources,
        PostgresErrorCodes.OutOfMemory,
        PostgresErrorCodes.LockNotAvailable,
        PostgresErrorCodes.QueryCanceled,
        PostgresErrorCodes.ObjectInUse,
        PostgresErrorCodes.ObjectNotInPrerequisiteState,
        PostgresErrorCodes.OperatorIntervention,
        PostgresErrorCodes.DatabaseDropped,
        PostgresErrorCodes.IdleSessionTimeout,
        PostgresErrorCodes.SystemError,
        PostgresErrorCodes.IoError,
    ];

    /// <summary>Whether the same work may succeed when it is tried again soon.</summary>
    public static bool MayPass(NpgsqlException e, PostgresLocation location) =>
        e is PostgresException { SqlState: var state }
            ? PassingStates.Contains(state, StringComparer.Ordinal)
                // Of several hosts, one that has just become a follower is soon replaced by another primary.
                || (state == PostgresErrorCodes.ReadOnlySqlTransaction && location.HasSeveralHosts)
            // Connections that were lost or not accepted. A statement that took too long would only take too long again.
            : e.InnerException is IOException or System.Net.Sockets.SocketException
                || (e.InnerException is null && e.IsTransient)
                || e.Message.StartsWith("No suitable host was found", StringComparison.Ordinal);

    public static string Reason(NpgsqlException e) =>
        e is PostgresException postgres ? $"{postgres.MessageText} ({postgres.SqlState})" : Innermost(e).Message;

    /// <summary>What a caller may expect of another attempt.</summary>
    public static FailureCause Cause(NpgsqlException e, PostgresLocation location) =>
        e switch
        {
            _ when MayPass(e, location) => FailureCause.Temporary,
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => FailureCause.StorageFull,
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => FailureCause.ReadOnly,
            PostgresException { SqlState: var state } when LaterStates.Contains(state, StringComparer.Ordinal) => FailureCause.Temporary,
            PostgresException => FailureCause.Permanent,
            { InnerException: TimeoutException } => FailureCause.Temporary,
            _ => FailureCause.Permanent,
        };

    [SuppressMessage("Usage", "MA0015", Justification = "No parameter is wrong.")]
    public static SextantException Translate(NpgsqlException e, PostgresLocation location)
    {
        string reason = Reason(e).ReplaceLineEndings(" ").TrimEnd('.');
        return new($"{location.Name}: {reason}{Suggestion(e, location)}", e) { Cause = Cause(e, location) };
    }

    private static string Suggestion(NpgsqlException e, PostgresLocation location) =>
        e switch
        {
            PostgresException postgres => postgres.SqlState switch
            {
                PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                    "; check the user, and the password in the location or PGPASSWORD",
                PostgresErrorCodes.InvalidCatalogName => "; create the database first, or name another",
                PostgresErrorCodes.InsufficientPrivilege => "; get the right, or ask an owner to create the collection",
                PostgresErrorCodes.DiskFull => "; nothing of this change was stored: free space on the server",
                PostgresErrorCodes.ReadOnlySqlTransaction => "; name the primary server, or a user and database that may write",
                _ => "",
            },
            _ when MayPass(e, location) => "; check that the server is running, and the host and port",
            { InnerException: AuthenticationException } => "; check sslmode and the certificates",
            _ => "",
        };

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;
        return e;
    }
}
