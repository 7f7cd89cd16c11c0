using System.Collections.Frozen;

namespace Sextant.Umap;

/// <summary>Words that say nothing of what a text is about.</summary>
internal static class StopWords
{
    /// <summary>The commonest English words, in lower case.</summary>
    public static FrozenSet<string> English { get; } =
        (
            "a about above after again against all also always am an and another any are around as ask at away back be became because been "
            + "before being below between both but by came can cannot can't come could did didn't do does doesn't doing don't done down "
            + "during each "
            + "either else enough etc even ever every few for from further get gets getting give given go goes going gone got had has have "
            + "haven't having he her here hers him his how however i i'd if i'll i'm in instead into is isn't it it's its i've just keep "
            + "kind know "
            + "last less let let's like made make makes many may me might mine more most much must my need neither never no nor not now "
            + "of off "
            + "often on once one only onto or other others our ours out over own per perhaps please put quite rather really s said same "
            + "say "
            + "says see seem seems seen shall she should since so some something such sure take than that that's the their theirs them "
            + "then "
            + "there there's these they they're thing things think this those though through thus till to together too two under until up "
            + "upon us use used using very via want was wasn't way we well went were we're what when where whether which while who whom "
            + "whose "
            + "why will with within without won't would yes yet you your you're yours"
        )
            .Split(' ')
            .ToFrozenSet(StringComparer.Ordinal);
}
