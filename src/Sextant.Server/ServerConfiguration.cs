using Microsoft.Extensions.Configuration;

namespace Sextant.Server;

/// <summary>
/// Reads the options from a configuration, in which a list is either an array or one value with commas, as in an environment variable.
/// </summary>
internal static class ServerConfiguration
{
    public static ServerOptions Read(IConfiguration section)
    {
        ServerOptions options = new();
        section.Bind(options);
        // The binder knows no commas, and adds to the default instead of replacing it.
        ServerOptions defaults = new();
        options.Models = List(section, nameof(options.Models)) ?? defaults.Models;
        options.Rerankers = List(section, nameof(options.Rerankers)) ?? defaults.Rerankers;
        options.ApiKeys = List(section, nameof(options.ApiKeys)) ?? defaults.ApiKeys;
        options.CorsOrigins = List(section, nameof(options.CorsOrigins)) ?? defaults.CorsOrigins;
        return options;
    }

    private static string[]? List(IConfiguration section, string name)
    {
        IConfigurationSection list = section.GetSection(name);
        if (list.Value is { } separated)
            return separated.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] items = [.. list.GetChildren().Select(static item => item.Value).OfType<string>()];
        return items.Length > 0 ? items : null;
    }
}
