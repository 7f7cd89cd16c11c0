using System.Text;

namespace Sextant.Tokenizers;

/// <summary>
/// Takes the accents off a letter: canonical decomposition (Unicode NFD) without its non-spacing marks, as uncased BERT vocabularies
/// require. The letters of most alphabets come from a table rather than from <see cref="string.Normalize()"/>, which allocates for every
/// character and does nothing at all in programs built with InvariantGlobalization.
/// </summary>
public static class AccentFolding
{
    /// <summary>The most UTF-16 units that one character folds to.</summary>
    public const int MaxLength = 8;

    // Groups of a base letter and every letter that folds to it.
    private const string Groups =
        ";\u037E <≮ =≠ >≯ AÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦḀẠẢẤẦẨẪẬẮẰẲẴẶÅ BḂḄḆ CÇĆĈĊČḈ DĎḊḌḎḐḒ EÈÉÊËĒĔĖĘĚȄȆȨḔḖḘḚḜẸẺẼẾỀỂỄỆ FḞ GĜĞĠĢǦǴḠ "
        + "HĤȞḢḤḦḨḪ IÌÍÎÏĨĪĬĮİǏȈȊḬḮỈỊ JĴ KĶǨḰḲḴK LĹĻĽḶḸḺḼ MḾṀṂ NÑŃŅŇǸṄṆṈṊ OÒÓÔÕÖŌŎŐƠǑǪǬȌȎȪȬȮȰṌṎṐṒỌỎỐỒỔỖỘỚỜỞỠỢ PṔṖ RŔŖŘȐȒṘṚṜṞ "
        + "SŚŜŞŠȘṠṢṤṦṨ TŢŤȚṪṬṮṰ UÙÚÛÜŨŪŬŮŰŲƯǓǕǗǙǛȔȖṲṴṶṸṺỤỦỨỪỬỮỰ VṼṾ WŴẀẂẄẆẈ XẊẌ YÝŶŸȲẎỲỴỶỸ ZŹŻŽẐẒẔ `` "
        + "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ bḃḅḇ cçćĉċčḉ dďḋḍḏḑḓ eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ fḟ gĝğġģǧǵḡ hĥȟḣḥḧḩḫẖ "
        + "iìíîïĩīĭįǐȉȋḭḯỉị jĵǰ kķǩḱḳḵ lĺļľḷḹḻḽ mḿṁṃ nñńņňǹṅṇṉṋ oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ pṕṗ rŕŗřȑȓṙṛṝṟ sśŝşšșṡṣṥṧṩ "
        + "tţťțṫṭṯṱẗ uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự vṽṿ wŵẁẃẅẇẉẘ xẋẍ yýÿŷȳẏẙỳỵỷỹ zźżžẑẓẕ ¨΅῁῭΅ ´´ ·· ÆǢǼ ØǾ æǣǽ øǿ ſẛ ƷǮ ʒǯ "
        + "ʹʹ ΑΆἈἉἊἋἌἍἎἏᾈᾉᾊᾋᾌᾍᾎᾏᾸᾹᾺΆᾼ ΕΈἘἙἚἛἜἝῈΈ ΗΉἨἩἪἫἬἭἮἯᾘᾙᾚᾛᾜᾝᾞᾟῊΉῌ ΙΊΪἸἹἺἻἼἽἾἿῘῙῚΊ ΟΌὈὉὊὋὌὍῸΌ ΡῬ ΥΎΫὙὛὝὟῨῩῪΎ "
        + "ΩΏὨὩὪὫὬὭὮὯᾨᾩᾪᾫᾬᾭᾮᾯῺΏῼΩ αάἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ εέἐἑἒἓἔἕὲέ ηήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ ιΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ "
        + "οόὀὁὂὃὄὅὸό ρῤῥ υΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ ωώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ ϒϓϔ ІЇ АӐӒ ГЃ ЕЀЁӖ ЖӁӜ ЗӞ ИЍЙӢӤ КЌ ОӦ УЎӮӰӲ ЧӴ ЫӸ ЭӬ "
        + "аӑӓ гѓ еѐёӗ жӂӝ зӟ ийѝӣӥ кќ оӧ уўӯӱӳ чӵ ыӹ эӭ ії ѴѶ ѵѷ ӘӚ әӛ ӨӪ өӫ \u05D0\uFB2E\uFB2F\uFB30 \u05D1\uFB31\uFB4C "
        + "\u05D2\uFB32 \u05D3\uFB33 \u05D4\uFB34 \u05D5\uFB35\uFB4B \u05D6\uFB36 \u05D8\uFB38 \u05D9\uFB1D\uFB39 \u05DA\uFB3A "
        + "\u05DB\uFB3B\uFB4D \u05DC\uFB3C \u05DE\uFB3E \u05E0\uFB40 \u05E1\uFB41 \u05E3\uFB43 \u05E4\uFB44\uFB4E \u05E6\uFB46 "
        + "\u05E7\uFB47 \u05E8\uFB48 \u05E9\uFB2A\uFB2B\uFB2C\uFB2D\uFB49 \u05EA\uFB4A \u05F2\uFB1F \u0627\u0622\u0623\u0625 "
        + "\u0648\u0624 \u064A\u0626 \u06C1\u06C2 \u06D2\u06D3 \u06D5\u06C0 कक़ खख़ गग़ जज़ डड़ ढढ़ नऩ फफ़ यय़ रऱ ळऴ ডড় ঢঢ় যয় ਖਖ਼ ਗਗ਼ ਜਜ਼ "
        + "ਫਫ਼ ਲਲ਼ ਸਸ਼ ଡଡ଼ ଢଢ଼ \u0B47\u0B48 \u0CC2\u0CCA \u0CD5\u0CC0\u0CC7 \u0CD6\u0CC8 \u0DD9\u0DDA ཀཀྵ གགྷ ཌཌྷ དདྷ བབྷ ཛཛྷ ဥဦ "
        + "\u1B35\u1B3B\u1B3D\u1B43 ᾿῍῎῏ ῾῝῞῟ ←↚ →↛ ↔↮ ⇐⇍ ⇒⇏ ⇔⇎ ∃∄ ∈∉ ∋∌ ∣∤ ∥∦ ∼≁ ≃≄ ≅≇ ≈≉ ≍≭ ≡≢ ≤≰ ≥≱ ≲≴ ≳≵ ≶≸ ≷≹ ≺⊀ ≻⊁ ≼⋠ ≽⋡ "
        + "⊂⊄ ⊃⊅ ⊆⊈ ⊇⊉ ⊑⋢ ⊒⋣ ⊢⊬ ⊨⊭ ⊩⊮ ⊫⊯ ⊲⋪ ⊳⋫ ⊴⋬ ⊵⋭ ⫝⫝̸ 〈〈 〉〉 うゔ かが きぎ くぐ けげ こご さざ しじ すず せぜ そぞ ただ ちぢ つづ てで とど はばぱ ひびぴ ふぶぷ へべぺ "
        + "ほぼぽ ゝゞ ウヴ カガ キギ クグ ケゲ コゴ サザ シジ スズ セゼ ソゾ タダ チヂ ツヅ テデ トド ハバパ ヒビピ フブプ ヘベペ ホボポ ワヷ ヰヸ ヱヹ ヲヺ ヽヾ ";

    private static readonly char[] Bases = BuildTable();

    /// <summary>Writes what <paramref name="rune"/> folds to and returns its length; 0 for a non-spacing mark.</summary>
    public static int Fold(Rune rune, Span<char> destination)
    {
        if (rune.Value is >= 0xAC00 and <= 0xD7A3)
        {
            return DecomposeHangul(rune.Value - 0xAC00, destination);
        }

        if (rune.IsBmp && Bases[rune.Value] != 0)
        {
            destination[0] = Bases[rune.Value];
            return 1;
        }

        if (UnicodeClasses.IsNonSpacingMark(rune))
        {
            return 0;
        }

        return DecomposesToSeveral(rune.Value) ? Decompose(rune, destination) : rune.EncodeToUtf16(destination);
    }

    /// <summary>The Unicode standard, section 3.12: a syllable is arithmetic over its jamo.</summary>
    private static int DecomposeHangul(int syllable, Span<char> destination)
    {
        destination[0] = (char)(0x1100 + (syllable / 588));
        destination[1] = (char)(0x1161 + (syllable % 588 / 28));
        int trailing = syllable % 28;
        destination[2] = (char)(0x11A7 + trailing);
        return trailing == 0 ? 2 : 3;
    }

    /// <summary>
    /// The ranges of the few decompositions missing from the table: two-part Indic vowels, compatibility ideographs, musical symbols.
    /// </summary>
    private static bool DecomposesToSeveral(int value) =>
        value
            is (>= 0x09CB and <= 0x0DDE)
                or (>= 0x1B06 and <= 0x1B41)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x11000 and <= 0x11FFF)
                or (>= 0x1D15E and <= 0x1D1C0)
                or (>= 0x2F800 and <= 0x2FA1F);

    private static int Decompose(Rune rune, Span<char> destination)
    {
        int length = 0;
        foreach (Rune part in rune.ToString().Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (!UnicodeClasses.IsNonSpacingMark(part))
            {
                length += part.EncodeToUtf16(destination[length..]);
            }
        }

        return length;
    }

    private static char[] BuildTable()
    {
        char[] table = new char[char.MaxValue + 1];
        foreach (Range group in Groups.AsSpan().Split(' '))
        {
            ReadOnlySpan<char> letters = Groups.AsSpan(group);
            for (int i = 1; i < letters.Length; i++)
            {
                table[letters[i]] = letters[0];
            }
        }

        return table;
    }
}
