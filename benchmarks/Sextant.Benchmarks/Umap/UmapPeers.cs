using System.Diagnostics;
using System.Globalization;
using Sextant.Benchmarks.Ann;

namespace Sextant.Benchmarks.Umap;

/// <summary>Who takes part: ours, and the peers that this machine has.</summary>
internal static class UmapPeers
{
    public static List<Contender> Start(int threads, bool peers)
    {
        List<Contender?> all =
        [
            Contender.Start("sextant", Contenders.OwnCommand(UmapOwn.Verb, threads.ToString(CultureInfo.InvariantCulture)), isOurs: true),
        ];
        if (peers)
        {
            all.Add(Contender.Start("umap-learn", Python(), isOurs: false));
            all.Add(Contender.Start("umap-js", new("node", [Path.Combine(Contenders.PeersFolder(), "umap_peer.mjs")]), isOurs: false));
        }

        return [.. all.OfType<Contender>()];
    }

    public static ProcessStartInfo Python(params string[] arguments) =>
        new(Contenders.Python, [Path.Combine(Contenders.PeersFolder(), "umap_peer.py"), .. arguments]);
}
