using Sextant.Postgres.Queries;

namespace Sextant.Postgres.Generations;

internal sealed partial class PostgresGeneration
{
    private const int RefreshBatch = 500;

    private readonly record struct StoredWords(long Key, string Id, string Text, byte[] Hash);

    /// <summary>Cuts the words of documents again that an earlier version cut in another way. Only texts beyond ASCII can differ.</summary>
    private async Task RefreshWordsAsync(CancellationToken cancellationToken)
    {
        long after = 0;
        while (true)
        {
            List<StoredWords> batch = await _server
                .ReadAsync(
                    session =>
                        session.QueryAsync(
                            $"select key, id, text, text_hash from {_table.Documents} where key > $1 and octet_length(text) <> "
                                + $"length(text) order by key limit $2",
                            row => new StoredWords(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3)),
                            after,
                            RefreshBatch
                        ),
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (batch.Count == 0)
                return;
            after = batch[^1].Key;
            await _server
                .WriteAsync(
                    session =>
                        session.ExecuteAsync(
                            $"update {_table.Documents} d set words = i.words::tsvector from unnest($1, $2, $3) as i(id, hash, words) "
                                + "where d.id = i.id and d.text_hash = i.hash and d.words <> i.words::tsvector",
                            batch.Select(d => d.Id).ToArray(),
                            batch.Select(d => d.Hash).ToArray(),
                            batch.Select(d => KeywordText.Vector(d.Text)).ToArray()
                        ),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
    }
}
