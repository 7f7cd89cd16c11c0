using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Sextant.Postgres;

/// <summary>Tells which failures pass by themselves, and says the others in a line that holds no secret.</summary>
internal static class PostgresError
{
    private static readonly string[] PassingStates =
    [
        PostgresErrorCodes.SerializationFailure, PostgresErrorCodes.DeadlockDetected,
        // A server that goes down, comes up, or has just become a follower.
        PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.CrashShutdown, PostgresErrorCodes.CannotConnectNow,
        PostgresErrorCodes.ReadOnlySqlTransaction, PostgresErrorCodes.TooManyConnections,
        PostgresErrorCodes.ConnectionException, PostgresErrorCodes.ConnectionFailure, PostgresErrorCodes.ConnectionDoesNotExist,
        PostgresErrorCodes.SqlClientUnableToEstablishSqlConnection, PostgresErrorCodes.SqlServerRejectedEstablishmentOfSqlConnection,
        // Two that made the same thing at the same moment; the second try finds it there.
        PostgresErrorCodes.UniqueViolation,
    ];

    public static bool MayPass(NpgsqlException e) => e is PostgresException { SqlState: var state }
        ? PassingStates.Contains(state, StringComparer.Ordinal)
        // Lost or refused connections. A statement that took too long would only take too long again.
        : e.InnerException is System.IO.IOException or System.Net.Sockets.SocketException
            || (e is NpgsqlException && e.InnerException is null && e.IsTransient)
            || e.Message.StartsWith("No suitable host was found", StringComparison.Ordinal);

    public static string Reason(NpgsqlException e) => e is PostgresException postgres
        ? $"{postgres.MessageText} ({postgres.SqlState})"
        : Innermost(e).Message;

    [SuppressMessage("Usage", "MA0015", Justification = "No parameter is wrong.")]
    public static SextantException Of(NpgsqlException e, PostgresLocation location)
    {
        string reason = Reason(e).ReplaceLineEndings(" ").TrimEnd('.');
        string cure = e is PostgresException { SqlState: var state }
            ? state switch
            {
                PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "; check the user, and the password in the location or PGPASSWORD",
                PostgresErrorCodes.InvalidCatalogName => "; make the database first, or name another",
                PostgresErrorCodes.InsufficientPrivilege => "; ask for the right, or let somebody who has it make the collection",
                _ => "",
            }
            : MayPass(e) ? "; check that the server runs and that host and port are right" : "";
        return new($"{location.Name}: {reason}{cure}", e);
    }

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return e;
    }
}
