using Aspire.Hosting.ApplicationModel;

namespace Sextant.Aspire.Hosting;

/// <summary>A Sextant service in a container.</summary>
/// <param name="name">The name of the resource.</param>
/// <param name="apiKey">The key that clients send; at least 16 characters.</param>
public sealed class SextantResource(string name, ParameterResource apiKey) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string EndpointName = "http";

    /// <summary>The key that clients send.</summary>
    public ParameterResource ApiKey { get; } = apiKey ?? throw new ArgumentNullException(nameof(apiKey));

    /// <summary>The address of the service.</summary>
    public EndpointReference PrimaryEndpoint => field ??= new(this, EndpointName);

    /// <summary>What a project that references the service gets: <c>Endpoint=http://…;Key=…</c>.</summary>
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Endpoint={PrimaryEndpoint.Property(EndpointProperty.Url)};Key={ApiKey}");
}
