using Microsoft.Extensions.AI;
using Sextant.Models;
using Sextant.Models.Hub;
using Sextant.Onnx;
using Sextant.Tests.Shared;

namespace Sextant.NuGetModels.Tests;

/// <summary>A user's machine of a test's own: a <c>nuget.config</c>, a feed that is a folder, a global packages folder, a cache.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly TempFolder _folder = new();

    public Workspace(params (string Name, string Address)[] feeds)
    {
        Directory.CreateDirectory(FolderFeed);
        Configure(feeds.Length == 0 ? [("folder", FolderFeed)] : feeds);
    }

    public string Path => _folder.Path;

    /// <summary>A feed that is a folder of packages.</summary>
    public string FolderFeed => _folder.File("feed");

    public string GlobalPackages => _folder.File("packages");

    public string Cache => _folder.File("cache");

    public string HubCache => _folder.File("hub");

    /// <summary>
    /// Writes the <c>nuget.config</c>; <paramref name="more"/> goes into it unchanged, and <paramref name="config"/> into its section of
    /// that name.
    /// </summary>
    public void Configure((string Name, string Address)[] feeds, string more = "", string config = "") =>
        File.WriteAllText(
            _folder.File("nuget.config"),
            $"""
            <?xml version="1.0" encoding="utf-8"?>
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" />{config}</config>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
              <packageSources>
                <clear />
                {string.Join('\n', feeds.Select(f => $"""<add key="{f.Name}" value="{f.Address}" allowInsecureConnections="true" />"""))}
              </packageSources>
              {more}
            </configuration>
            """
        );

    /// <summary>Puts a package into the folder feed.</summary>
    public void Publish(string id, string version, byte[] nupkg) =>
        File.WriteAllBytes(System.IO.Path.Combine(FolderFeed, $"{id}.{version}.nupkg"), nupkg);

    public NuGetModelProvider Provider(bool offline = false, long? maxBytes = null) =>
        new(
            new NuGetModelOptions
            {
                ConfigDirectory = Path,
                CacheDirectory = Cache,
                Offline = offline,
                MaxBytes = maxBytes ?? new NuGetModelOptions().MaxBytes,
            }
        );

    /// <summary>All local models, with a hub that cannot be reached.</summary>
    public ModelRegistry Registry(bool offline = false, HubOptions? hub = null) =>
        ModelRegistry
            .Default.WithProviders(new OnnxModelProvider(), Provider(offline))
            .WithHub(
                hub
                    ?? new HubOptions
                    {
                        CacheDirectory = HubCache,
                        Endpoint = new Uri("http://127.0.0.1:9"),
                        Offline = offline,
                    }
            );

    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, bool offline = false) =>
        Registry(offline).OpenAsync(name, new() { UseCache = false }, TestContext.Current.CancellationToken);

    public void Dispose() => _folder.Dispose();
}
