using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Sextant.Search.Storage.Sqlite;

/// <summary>Statements that a connection keeps ready: SQLite compiles each once.</summary>
internal static partial class PreparedCommands
{
    /// <summary>
    /// The command for <paramref name="sql"/>, with a parameter for each <c>$name</c> in the order in which they first occur.
    /// </summary>
    public static SqliteCommand Get(Dictionary<string, SqliteCommand> commands, SqliteConnection connection, string sql)
    {
        if (commands.TryGetValue(sql, out SqliteCommand? command))
            return command;
        command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (string name in ParameterName().Matches(sql).Select(m => m.Value).Distinct(StringComparer.Ordinal))
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        commands.Add(sql, command);
        return command;
    }

    [GeneratedRegex(@"\$[a-z]+", RegexOptions.NonBacktracking)]
    private static partial Regex ParameterName();
}
