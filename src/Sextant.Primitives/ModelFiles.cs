using System.Reflection;

namespace Sextant;

/// <summary>The files of a model, in a folder or inside the core assembly.</summary>
public abstract class ModelFiles
{
    // The tokenizer of a large multilingual model has about 35 MB; all other files that are read whole are much smaller.
    private const int MaxWholeFileBytes = 128 << 20;

    /// <summary>The location of the files, for messages.</summary>
    public abstract string Location { get; }

    /// <summary>Opens a file for reading with seeking, or returns <see langword="null"/> if it does not exist.</summary>
    /// <param name="name">A relative path with forward slashes.</param>
    public abstract Stream? TryOpen(string name);

    /// <summary>The full name of a file, for messages.</summary>
    public string Locate(string name) => $"{Location}/{name}";

    /// <summary>Reads a small file completely, or returns <see langword="null"/> if it does not exist.</summary>
    public byte[]? TryReadAll(string name)
    {
        using Stream? stream = TryOpen(name);
        if (stream is null)
        {
            return null;
        }

        if (stream.Length > MaxWholeFileBytes)
        {
            throw new InputException($"{Locate(name)}: {stream.Length} bytes exceed the size limit of this file");
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length);
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The files of a folder.</summary>
    public static ModelFiles InDirectory(string path) => new DirectoryFiles(path);

    /// <summary>The files that an assembly carries as resources named <paramref name="prefix"/> + <c>/</c> + name.</summary>
    public static ModelFiles InAssembly(Assembly assembly, string prefix) => new ResourceFiles(assembly, prefix);

    private sealed class DirectoryFiles(string path) : ModelFiles
    {
        public override string Location => path;

        public override Stream? TryOpen(string name)
        {
            string file = Path.Combine(path, name);
            try
            {
                return File.Exists(file)
                    ? LfsPointer.Refuse(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16), file)
                    : null;
            }
            catch (UnauthorizedAccessException e)
            {
                throw new InputException(e.Message, e);
            }
        }
    }

    private sealed class ResourceFiles(Assembly assembly, string prefix) : ModelFiles
    {
        public override string Location => prefix;

        public override Stream? TryOpen(string name) => assembly.GetManifestResourceStream($"{prefix}/{name}");
    }
}
