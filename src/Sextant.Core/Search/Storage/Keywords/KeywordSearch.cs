using Microsoft.Data.Sqlite;

namespace Sextant.Search.Storage.Keywords;

/// <summary>Searches the full-text tables of a collection: <c>keywords</c> for words, <c>bigrams</c> for scripts without spaces.</summary>
/// <param name="connection">The reader's.</param>
/// <param name="prepare">Returns the prepared command for a statement.</param>
internal sealed class KeywordSearch(SqliteConnection connection, Func<string, SqliteCommand> prepare)
{
    /// <summary>How many documents a search by words ranks.</summary>
    private const int MaxRanked = 20_000;

    private readonly bool _hasBigrams = BigramTable.Exists(connection);

    /// <summary>The keys of documents that hold any of <paramref name="words"/> with their BM25, best first.</summary>
    public KeywordRanking Find(IReadOnlyList<string> words)
    {
        (string Word, long Documents)[] selected = SelectRareWords(words);
        List<string> rare = [.. selected.Select(one => one.Word)];
        string[] spaced = [.. rare.Where(word => !UnspacedScripts.AreIn(word))],
            unspaced = [.. rare.Where(UnspacedScripts.AreIn)];
        return new(
            _hasBigrams ? Ranked(spaced, rare)
                : unspaced.Length == 0 ? Ranked(spaced)
                : Scanned(spaced, unspaced),
            [.. selected.Select(one => one.Documents)]
        );
    }

    // A run of both kinds of scripts is one word for the table of words; its parts are in the other table.
    private IEnumerable<(long Key, float Score)> Ranked(string[] spaced, List<string> all)
    {
        SqliteCommand command = prepare(
            spaced.Length == 0
                ? "select rowid, rank from bigrams where bigrams match $bigrams order by rank, rowid"
                : """
                select key, sum(score) from (
                    select rowid as key, rank as score from bigrams where bigrams match $bigrams
                    union all select rowid, rank from keywords where keywords match $words)
                group by key order by sum(score), key
                """
        );
        command.Parameters[0].Value = KeywordAnalyzer.AnyOf(KeywordAnalyzer.AnalyzeQuery(all));
        if (spaced.Length > 0)
            command.Parameters[1].Value = KeywordAnalyzer.AnyOf(spaced);
        return Read(command);
    }

    private IEnumerable<(long Key, float Score)> Ranked(string[] spaced)
    {
        SqliteCommand command = prepare("select rowid, rank from keywords where keywords match $words order by rank, rowid");
        command.Parameters[0].Value = KeywordAnalyzer.AnyOf(spaced);
        return Read(command);
    }

    // A collection of format 1 that has not been written to since has no bigram table, so its texts are scanned.
    private IEnumerable<(long Key, float Score)> Scanned(string[] spaced, string[] unspaced)
    {
        using SqliteCommand command = connection.CreateCommand();
        string found = string.Join(" + ", unspaced.Select((_, i) => $"(instr(text, $w{i}) > 0)"));
        string scan = $"select key, -({found}) as score from documents where {found} > 0";
        command.CommandText =
            spaced.Length == 0
                ? $"{scan} order by score, key"
                : $"select key, sum(score) from ({scan} union all select rowid, rank from keywords where keywords match $words) group by "
                    + $"key order by sum(score), key";
        for (int i = 0; i < unspaced.Length; i++)
            command.Parameters.AddWithValue($"$w{i}", unspaced[i]);
        if (spaced.Length > 0)
            command.Parameters.AddWithValue("$words", KeywordAnalyzer.AnyOf(spaced));
        foreach ((long Key, float Score) one in Read(command))
            yield return one;
    }

    // SQLite's rank is the negative of BM25, so that the best come first in its own order.
    private static IEnumerable<(long Key, float Score)> Read(SqliteCommand command)
    {
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            yield return (row.GetInt64(0), -(float)row.GetDouble(1));
    }

    // BM25 is computed for every document that matches, a microsecond each, and a word that half of all documents hold says next
    // to nothing about any. The rarest words are taken, as many as match a bounded number of documents, and always one.
    private (string Word, long Documents)[] SelectRareWords(IReadOnlyList<string> words)
    {
        List<(string Word, long Documents)> counted = [];
        foreach (string word in words)
        {
            bool isUnspaced = UnspacedScripts.AreIn(word);
            // Without the table they are not counted: every text is read for all of them at once.
            long documents = isUnspaced
                ? _hasBigrams
                    ? Count("bigrams", word)
                    : 1
                : Count("keywords", word) + (_hasBigrams ? Count("bigrams", word) : 0);
            if (documents > 0)
                counted.Add((word, documents));
        }

        long total = 0;
        (string, long)[] rare = [.. counted.OrderBy(c => c.Documents).TakeWhile((c, i) => (total += c.Documents) <= MaxRanked || i == 0)];
        return rare.Length > 0 ? rare : [(words[0], 0)];
    }

    private long Count(string table, string word)
    {
        SqliteCommand command = prepare($"select count(*) from (select 1 from {table} where {table} match $value limit $limit)");
        command.Parameters[0].Value = KeywordAnalyzer.AnyOf(table == "keywords" ? [word] : KeywordAnalyzer.AnalyzeQuery([word]));
        command.Parameters[1].Value = MaxRanked;
        return (long)command.ExecuteScalar()!;
    }
}
