using Sextant.Search;

namespace Sextant.Server;

/// <summary>
/// How the service behaves. <see cref="SextantServer"/> reads it from the section <c>Sextant</c> of the configuration:
/// <c>appsettings.json</c>, or variables such as <c>SEXTANT_MAX_BATCH</c>, in which the items of a list are separated by commas.
/// </summary>
public sealed class ServerOptions
{
    /// <summary>
    /// The folder whose sub-folders are the collections; or a location that one of the <see cref="CollectionProviders"/> knows.
    /// </summary>
    /// <value>The current folder.</value>
    public string Collections { get; set; } = ".";

    /// <summary>
    /// The folder for uploaded files and the state of vector stores, whose documents are in collections. If collections are in a database
    /// and this is not set, the service rejects requests for files and vector stores.
    /// </summary>
    /// <value>The folder of the collections, if it is a folder.</value>
    public string? Files { get; set; }

    /// <summary>Whether to create a missing folder of collections; otherwise it is an error.</summary>
    /// <value><see langword="false"/>.</value>
    public bool CreateFolder { get; set; }

    /// <summary>Whether to reject all requests that change data, and to write nothing to the folder of collections.</summary>
    /// <value><see langword="false"/>.</value>
    public bool ReadOnly { get; set; }

    /// <summary>The addresses of the service, separated by semicolons.</summary>
    /// <value><c>http://127.0.0.1:5080</c>.</value>
    public string Urls { get; set; } = "http://127.0.0.1:5080";

    /// <summary>The models that clients may name; new collections are made with the first unless they name one.</summary>
    /// <value><c>sextant-small</c>.</value>
    public IReadOnlyList<string> Models { get; set; } = ["sextant-small"];

    /// <summary>
    /// The models that searches may name as their reranker: cross-encoders, hosted rerankers, embedding models. Those of
    /// <see cref="Models"/> can be named without being repeated here.
    /// </summary>
    /// <value>None.</value>
    public IReadOnlyList<string> Rerankers { get; set; } = [];

    /// <summary>
    /// The accepted API keys; a key with the suffix <c>:read</c> may only read and search. Without keys, every client has full access, and
    /// the service listens on loopback only.
    /// </summary>
    /// <value>None.</value>
    public IReadOnlyList<string> ApiKeys { get; set; } = [];

    /// <summary>
    /// The file with API keys (<see cref="Sextant.Server.Keys.ApiKeyFile"/>) in addition to <see cref="ApiKeys"/>. While it exists, every
    /// client needs a key.
    /// </summary>
    /// <value><c>.keys.json</c> in the folder of files, or of the collections.</value>
    public string? KeysFile { get; set; }

    /// <summary>Web origins whose pages may call the service from a browser.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> CorsOrigins { get; set; } = [];

    /// <summary>The longest body of a request in bytes.</summary>
    /// <value>64 MiB.</value>
    public long MaxBodyBytes { get; set; } = 64L << 20;

    /// <summary>The most documents that one request adds.</summary>
    /// <value>10,000.</value>
    public int MaxBatch { get; set; } = 10_000;

    /// <summary>The most texts of one embeddings request.</summary>
    /// <value>2,048, as OpenAI's.</value>
    public int MaxInputs { get; set; } = 2048;

    /// <summary>The most tokens of one embeddings request, all texts together.</summary>
    /// <value>300,000, as OpenAI's.</value>
    public int MaxInputTokens { get; set; } = 300_000;

    /// <summary>How far down a search may be paged: offset and k together.</summary>
    /// <value>10,000.</value>
    public int MaxDepth { get; set; } = 10_000;

    /// <summary>The most documents that one search has a reranker order.</summary>
    /// <value>1,000.</value>
    public int MaxCandidates { get; set; } = 1000;

    /// <summary>The most points of a map; of a larger collection every n-th document is drawn.</summary>
    /// <value>20,000.</value>
    public int MaxMapPoints { get; set; } = 20_000;

    /// <summary>The maximum number of concurrent requests. Twice as many wait; further requests are rejected with 429.</summary>
    /// <value>512.</value>
    public int MaxConcurrency { get; set; } = 512;

    /// <summary>The average number of requests per second for one client (a key, or an address without keys); 0 for no limit.</summary>
    /// <value>1,000.</value>
    public int RequestsPerSecond { get; set; } = 1000;

    /// <summary>How many seconds a request may take; one that writes, exports, checks or draws may take ten times as long.</summary>
    /// <value>60.</value>
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>How many seconds requests that are under way get to finish when the service stops.</summary>
    /// <value>20.</value>
    public int ShutdownSeconds { get; set; } = 20;

    /// <summary>
    /// For how many seconds at most the program sends requests to itself before it reports that it is ready, so that the first requests
    /// find compiled code; 0 turns it off. It ends when no more code is compiled. Requests are answered during this time.
    /// </summary>
    /// <value>10.</value>
    public double WarmUpSeconds { get; set; } = 10;

    /// <summary>
    /// When to back up the collections of a folder, how many verified backups to keep of each, and where:
    /// <c>daily keep 7 to backups</c>; hourly, daily or weekly.
    /// </summary>
    /// <value>No backups.</value>
    public string? Backup { get; set; }

    /// <summary>
    /// Whether agents get the tool <c>add_documents</c> (Model Context Protocol); over HTTP, it also needs a key with the right to write.
    /// </summary>
    /// <value><see langword="false"/>.</value>
    public bool AllowAgentWrites { get; set; }

    /// <summary>The providers for collections outside the file system. Set in code, not in configuration.</summary>
    /// <value>None.</value>
    public IReadOnlyList<CollectionProvider> CollectionProviders { get; set; } = [];
}
