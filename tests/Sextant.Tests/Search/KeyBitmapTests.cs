using CsCheck;
using Sextant.Search;

namespace Sextant.Tests.Search;

public sealed class KeyBitmapTests
{
    [Fact]
    public void It_holds_what_was_added_and_nothing_else() =>
        Gen.Select(Gen.Long[0, 200_000].Array, Gen.Long[0, 400_000].Array).Sample((added, asked) =>
        {
            KeyBitmap bitmap = new();
            foreach (long key in added) bitmap.Add(key);
            HashSet<long> expected = [.. added];
            return added.Concat(asked).All(key => bitmap.Contains(key) == expected.Contains(key));
        });
}
