using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sextant.Models;
using Sextant.Search;
using Sextant.Server.Backups;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Keys;
using Sextant.Server.Usage;

namespace Sextant.Server;

/// <summary>The service as a program: what <c>sextant serve</c> runs.</summary>
public static class SextantServer
{
    /// <summary>
    /// Runs the service until <paramref name="cancellationToken"/> is canceled. Running requests finish first, and collections are closed
    /// with their snapshots written.
    /// </summary>
    /// <param name="configuration">
    /// The caller's settings, which override appsettings.json and the environment; the section <c>Sextant</c>.
    /// </param>
    /// <param name="models">The registry that opens models by name.</param>
    /// <param name="providers">The providers for collections outside the file system.</param>
    /// <param name="started">Receives the addresses of the service once it listens.</param>
    /// <param name="cancellationToken">Cancels the service.</param>
    /// <exception cref="InputException">A setting is invalid or insecure.</exception>
    public static async Task RunAsync(
        IReadOnlyDictionary<string, string?> configuration,
        ModelRegistry models,
        IReadOnlyList<CollectionProvider> providers,
        Action<IReadOnlyCollection<string>> started,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(started);
        await using WebApplication application = Build(configuration, models, providers);
        try
        {
            // Opened before the first request may come, so that a wrong setting stops the start and not a client.
            CollectionSet collections = application.Services.GetRequiredService<CollectionSet>();
            _ = application.Services.GetRequiredService<ServiceTelemetry>();
            _ = application.Services.GetRequiredService<UsageRecorder>();
            _ = application.Services.GetRequiredService<BackupJob>();
            Readiness readiness = application.Services.GetRequiredService<Readiness>();
            TaskCompletionSource warm = new();
            readiness.WarmUp = warm.Task;
            await application.StartAsync(cancellationToken);
            Task warmUp = WarmUpAsync(application, warm, cancellationToken);
            started([.. application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses]);
            _ = readiness.ProblemAsync(CancellationToken.None);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await warmUp;
            await application.StopAsync(CancellationToken.None);
            await collections.DisposeAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new SextantException($"{Urls(application)} is in use by another program; stop it, or choose another address", e)
            {
                RelatedOptions = [nameof(ServerOptions.Urls)],
            };
        }
        catch (Exception e) when (e is IOException { InnerException: not null } or SocketException)
        {
            throw new SextantException($"{Urls(application)}: cannot listen there ({e.Message}); choose another address", e)
            {
                RelatedOptions = [nameof(ServerOptions.Urls)],
            };
        }
    }

    private static async Task WarmUpAsync(WebApplication application, TaskCompletionSource warm, CancellationToken cancellationToken)
    {
        TimeSpan time = TimeSpan.FromSeconds(application.Services.GetRequiredService<ServerOptions>().WarmUpSeconds);
        ILogger logger = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Sextant.Server");
        // Only the model inside the program: the operator's may be paid for.
        if (time > TimeSpan.Zero)
            await Task.Run(() => WarmUp.RunAsync(ModelRegistry.Default, time, logger, cancellationToken), CancellationToken.None);
        warm.SetResult();
    }

    private static string Urls(WebApplication application) => application.Services.GetRequiredService<ServerOptions>().Urls;

    private static WebApplication Build(
        IReadOnlyDictionary<string, string?> configuration,
        ModelRegistry models,
        IReadOnlyList<CollectionProvider> providers
    )
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(
            new() { ApplicationName = "sextant", ContentRootPath = Directory.GetCurrentDirectory() }
        );
        builder
            .Configuration.AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables("OTEL_")
            .AddInMemoryCollection(FromEnvironment())
            .AddInMemoryCollection(configuration);
        ServerOptions options = ServerConfiguration.Read(builder.Configuration.GetSection("Sextant"));
        options.CollectionProviders = providers;
        builder.Services.AddRouting();
        builder.Services.AddSextantServer(options, models);
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.ShutdownSeconds));
        builder.Logging.OmitRequests().AddConfiguration(builder.Configuration.GetSection("Logging")).AddServiceLog(builder.Configuration);
        string[] urls = options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        builder
            .WebHost.UseKestrelCore()
            // A request is read, handled and answered on the thread that its socket woke, unless it has to wait.
            .UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true)
            .UseUrls(urls)
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                Limits.Apply(kestrel.Limits, options);
            });
        WebApplication application = builder.Build();
        RequireKeyBeyondLoopback(urls, application.Services.GetRequiredService<ApiKeys>());
        application.MapSextant();
        return application;
    }

    private static void RequireKeyBeyondLoopback(string[] urls, ApiKeys keys)
    {
        foreach (string url in urls)
        {
            BindingAddress address = ParseUrl(url);
            bool loopback =
                address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip))
                || address.IsUnixPipe;
            if (!loopback && !keys.Required)
            {
                throw new InputException(
                    $"{url} can be reached from other machines, where anyone could read and delete everything without a key: "
                        + "create a key, set SEXTANT_API_KEYS, or listen on 127.0.0.1"
                );
            }
        }
    }

    private static BindingAddress ParseUrl(string url)
    {
        try
        {
            BindingAddress address = BindingAddress.Parse(url);
            if (address.Scheme != "http")
                throw new InputException($"{url}: only http:// addresses are supported; terminate TLS in front (docs/service.md)");
            return address;
        }
        catch (FormatException e)
        {
            throw new InputException($"{url} is not an address to listen on; write for example http://127.0.0.1:5080", e);
        }
    }

    // SEXTANT_API_KEYS and SEXTANT_MAX_BATCH are how people write these names.
    private static Dictionary<string, string?> FromEnvironment()
    {
        const string Prefix = "SEXTANT_";
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Key is string name && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                settings[$"Sextant:{name[Prefix.Length..].Replace("_", "", StringComparison.Ordinal)}"] = (string?)variable.Value;
        }

        return settings;
    }
}
