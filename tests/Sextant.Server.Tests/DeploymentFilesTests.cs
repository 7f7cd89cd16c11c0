using System.Net;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace Sextant.Server.Tests;

/// <summary>The files in docker/ and the deployment pages agree with the service: a renamed setting or route fails here.</summary>
public sealed partial class DeploymentFilesTests(SharedService shared)
{
    // Read by every command and by the log, not by the options of the service.
    private static readonly string[] OtherVariables = ["SEXTANT_CACHE", "SEXTANT_LOG"];

    private static readonly Dictionary<string, Type> Kinds = new()
    {
        ["v1/PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
        ["v1/Service"] = typeof(V1Service),
        ["apps/v1/Deployment"] = typeof(V1Deployment),
    };

    [Theory]
    [InlineData("docker/Dockerfile", 5)]
    [InlineData("docker/compose.yaml", 2)]
    [InlineData("docker/kubernetes.yaml", 1)]
    [InlineData("docker/sextant.service", 3)]
    [InlineData("src/Sextant.Cli/Sextant.Cli.csproj", 5)]
    [InlineData("src/Sextant.Aspire.Hosting/SextantBuilderExtensions.cs", 3)]
    [InlineData("docs/guides/deploy.md", 2)]
    [InlineData("docs/service.md", 20)]
    public void Variables_are_settings_of_the_service(string file, int atLeast)
    {
        string[] names = [.. Variable().Matches(Read(file)).Select(match => match.Value).Distinct()];

        Assert.True(names.Length >= atLeast, $"{file} names only {string.Join(' ', names)}");
        IEnumerable<string> settings = typeof(ServerOptions).GetProperties().Select(property => property.Name);
        Assert.All(
            names.Except(OtherVariables),
            name => Assert.Contains(name["SEXTANT_".Length..].Replace("_", ""), settings, StringComparer.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task Kubernetes_probes_ask_routes_of_the_service()
    {
        V1Container container = Assert.Single(Deployment().Spec.Template.Spec.Containers);

        Assert.Equal("/readyz", container.ReadinessProbe.HttpGet.Path);
        foreach (V1Probe probe in (V1Probe[])[container.StartupProbe, container.LivenessProbe, container.ReadinessProbe])
        {
            using HttpResponseMessage response = await shared.Service.Http.GetAsync(probe.HttpGet.Path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public void Kubernetes_manifest_has_no_unknown_field()
    {
        string manifest = Read("docker/kubernetes.yaml");

        Assert.Equal(3, KubernetesYaml.LoadAllFromString(manifest, Kinds, strict: true).Count);
        Assert.ThrowsAny<Exception>(() =>
            KubernetesYaml.LoadAllFromString(manifest.Replace("failureThreshold", "failureTreshold"), Kinds, strict: true)
        );
    }

    [Fact]
    public void Containers_may_write_to_their_volumes_only_and_have_time_to_end()
    {
        V1PodSpec pod = Deployment().Spec.Template.Spec;
        YamlMappingNode compose = (YamlMappingNode)Compose()["services"]["sextant"];

        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Equal((1654, 1654), (pod.SecurityContext.RunAsUser, pod.SecurityContext.FsGroup));
        Assert.True(pod.Containers[0].SecurityContext.ReadOnlyRootFilesystem);
        Assert.Contains("/home/app", pod.Containers[0].VolumeMounts.Select(mount => mount.MountPath));
        Assert.Equal("true", compose["read_only"].ToString());
        Assert.Equal("sextant:/home/app", compose["volumes"][0].ToString());
        int shutdown = new ServerOptions().ShutdownSeconds;
        Assert.True(pod.TerminationGracePeriodSeconds > shutdown);
        Assert.True(int.Parse(compose["stop_grace_period"].ToString().TrimEnd('s'), null) > shutdown);
        Assert.True(int.Parse(Regex.Match(Read("docker/sextant.service"), @"TimeoutStopSec=(\d+)").Groups[1].Value, null) > shutdown);
    }

    [Fact]
    public void Every_file_uses_the_port_of_the_image()
    {
        string port = Regex.Match(Read("docker/Dockerfile"), @"EXPOSE (\d+)").Groups[1].Value;

        Assert.Contains($"<ContainerPort Include=\"{port}\"", Read("src/Sextant.Cli/Sextant.Cli.csproj"), StringComparison.Ordinal);
        Assert.Equal(port, Deployment().Spec.Template.Spec.Containers[0].Ports[0].ContainerPort.ToString(null, null));
        Assert.Equal($"{port}:{port}", Compose()["services"]["sextant"]["ports"][0].ToString());
        Assert.Contains($"Port = {port};", Read("src/Sextant.Aspire.Hosting/SextantBuilderExtensions.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_file_leads_to_its_own_database()
    {
        YamlNode services = Compose()["services"];
        Uri database = new(Regex.Replace(services["sextant"]["environment"]["SEXTANT_COLLECTIONS"].ToString(), @"\$\{[^}]*\}", "password"));
        YamlNode postgres = services[database.Host]["environment"];

        Assert.Equal(postgres["POSTGRES_DB"].ToString(), database.AbsolutePath.TrimStart('/'));
        Assert.Equal(postgres["POSTGRES_USER"].ToString(), database.UserInfo.Split(':')[0]);
        Assert.Equal("service_healthy", services["sextant"]["depends_on"][database.Host]["condition"].ToString());
        Assert.Contains("pg_isready", services[database.Host]["healthcheck"]["test"][1].ToString(), StringComparison.Ordinal);
    }

    private static V1Deployment Deployment() =>
        KubernetesYaml.LoadAllFromString(Read("docker/kubernetes.yaml"), Kinds, strict: true).OfType<V1Deployment>().Single();

    private static YamlMappingNode Compose()
    {
        YamlStream stream = [];
        stream.Load(new StringReader(Read("docker/compose.yaml")));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(ServiceProcess.Metadata("NpmFolder"), "..", "..", "..", file));

    [GeneratedRegex("SEXTANT_[A-Z_]+")]
    private static partial Regex Variable();
}
