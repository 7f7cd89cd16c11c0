// A search page with typeahead over a collection.
//   dotnet run -c Release --project examples/WebSearch
using Sextant;
using Sextant.Sources;
using WebSearch;

WebApplicationBuilder builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
);
builder.Services.AddSextant(options =>
{
    options.Collections = builder.Configuration["Collections"] ?? Path.Combine(AppContext.BaseDirectory, "collections");
    options.Collection = "faq";
});

WebApplication app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();

// Each keystroke is a search: the built-in model embeds a query in microseconds, so suggestions need no separate index.
app.MapGet(
    "/suggest",
    async (string q, SemanticSearchEngine documents, CancellationToken cancellationToken) =>
        (await FindAsync(documents, q, 6, cancellationToken)).Select(hit => hit.Title)
);

app.MapGet(
    "/search",
    (string q, SemanticSearchEngine documents, CancellationToken cancellationToken) => FindAsync(documents, q, 10, cancellationToken)
);

await using (AsyncServiceScope scope = app.Services.CreateAsyncScope())
{
    // Unchanged documents are skipped, so a restart costs nothing.
    SemanticSearchEngine documents = scope.ServiceProvider.GetRequiredService<SemanticSearchEngine>();
    await new CollectionIndexer(documents).IndexAsync([Path.Combine(AppContext.BaseDirectory, "faq.jsonl")]);
}

await app.RunAsync();

static async Task<IEnumerable<Hit>> FindAsync(
    SemanticSearchEngine documents,
    string query,
    int count,
    CancellationToken cancellationToken
) => (await documents.SearchAsync(query, count, new() { Filter = "lang = 'en'" }, cancellationToken)).Select(Hit.From);
