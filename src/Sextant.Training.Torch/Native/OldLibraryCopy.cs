using System.Buffers.Binary;
using System.Text;

namespace Sextant.Training.Torch.Native;

/// <summary>
/// Makes TorchSharp's native library loadable on systems with a C++ library older than GCC 13's, such as Debian 12 and RHEL 9.
/// <para>
/// The published library requires GLIBCXX_3.4.32 but uses only one symbol of that version, <c>std::ios_base_library_init()</c>. Compilers
/// since GCC 13 reference it in every file that includes &lt;iostream&gt;; it only ensures that <c>std::cout</c> is initialized, which an
/// older C++ library does at its own startup. So the reference can safely be bound to another function. Three fields of the ELF file are
/// changed, in a copy: the symbol's name (to <c>std::get_terminate()</c>, which every C++ library has, and which is not called here), its
/// version (to none), and the requirement of GLIBCXX_3.4.32 (to a weak one, which the loader accepts).
/// </para>
/// </summary>
internal static class OldLibraryCopy
{
    private const string Symbol = "_ZSt21ios_base_library_initv";
    private const string Harmless = "_ZSt13get_terminatev";
    private const string Version = "GLIBCXX_3.4.32";

    private const ushort Unversioned = 1;
    private const ushort Weak = 2;

    /// <summary>The changed file's bytes, or <see langword="null"/> when the file does not ask for that symbol.</summary>
    public static byte[]? Create(byte[] library)
    {
        byte[] elf = [.. library];
        if (
            !elf.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8)
            || Section(elf, ".dynstr") is not { } strings
            || Section(elf, ".dynsym") is not { } symbols
            || Section(elf, ".gnu.version") is not { } versions
            || Section(elf, ".gnu.version_r") is not { } needs
        )
        {
            return null;
        }

        Span<byte> names = elf.AsSpan(strings.Offset, strings.Length);
        int name = names.IndexOf(Encoding.ASCII.GetBytes(Symbol + "\0"));
        if (name < 0)
        {
            return null;
        }

        const int SymbolSize = 24;
        for (int i = 0; i < symbols.Length / SymbolSize; i++)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(symbols.Offset + (i * SymbolSize))) == name)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(versions.Offset + (i * sizeof(ushort))), Unversioned);
            }
        }

        names.Slice(name, Symbol.Length).Clear();
        Encoding.ASCII.GetBytes(Harmless).CopyTo(names[name..]);
        Loosen(elf.AsSpan(needs.Offset, needs.Length), names);
        return elf;
    }

    /// <summary>Makes the demand for the version a weak one. The section is a chain of libraries, each with a chain of versions.</summary>
    private static void Loosen(Span<byte> needs, ReadOnlySpan<byte> names)
    {
        for (int library = 0; ; )
        {
            int next = BinaryPrimitives.ReadInt32LittleEndian(needs[(library + 12)..]);
            for (int version = library + BinaryPrimitives.ReadInt32LittleEndian(needs[(library + 8)..]); ; )
            {
                ReadOnlySpan<byte> name = names[BinaryPrimitives.ReadInt32LittleEndian(needs[(version + 8)..])..];
                if (name.StartsWith(Encoding.ASCII.GetBytes(Version + "\0")))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(needs[(version + 4)..], Weak);
                }

                int step = BinaryPrimitives.ReadInt32LittleEndian(needs[(version + 12)..]);
                if (step == 0)
                {
                    break;
                }

                version += step;
            }

            if (next == 0)
            {
                return;
            }

            library += next;
        }
    }

    private static (int Offset, int Length)? Section(ReadOnlySpan<byte> elf, string name)
    {
        int table = (int)BinaryPrimitives.ReadInt64LittleEndian(elf[40..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(elf[58..]),
            count = BinaryPrimitives.ReadUInt16LittleEndian(elf[60..]);
        int names = OffsetOf(elf, BinaryPrimitives.ReadUInt16LittleEndian(elf[62..]));
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = elf[(table + (i * size))..];
            if (elf[(names + BinaryPrimitives.ReadInt32LittleEndian(header))..].StartsWith(Encoding.ASCII.GetBytes(name + "\0")))
            {
                return (OffsetOf(elf, i), (int)BinaryPrimitives.ReadInt64LittleEndian(header[32..]));
            }
        }

        return null;

        int OffsetOf(ReadOnlySpan<byte> file, int section) =>
            (int)BinaryPrimitives.ReadInt64LittleEndian(file[(table + (section * size) + 24)..]);
    }
}
