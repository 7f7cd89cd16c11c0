using System.Security.Cryptography;
using NuGet.Configuration;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Packaging.Signing;
using HashAlgorithmName = NuGet.Common.HashAlgorithmName;
using ILogger = NuGet.Common.ILogger;
using LogLevel = NuGet.Common.LogLevel;

namespace Sextant.NuGetModels.Packages;

/// <summary>
/// Verifies a package's signature according to the user's settings. NuGet does this automatically when it installs a package, but on Linux
/// and macOS only inside the SDK.
/// </summary>
internal static class PackageSignature
{
    /// <exception cref="InputException">The signature does not fit the content, or is not one that the settings trust.</exception>
    public static async Task RequireAsync(string nupkg, string name, ISettings settings, ILogger log, CancellationToken cancellationToken)
    {
        X509TrustStore.InitializeForDotNetSdk(log);
        var policy = ClientPolicyContext.GetClientPolicy(settings, log);
        IEnumerable<KeyValuePair<string, HashAlgorithmName>> untrustedRoots = (policy.AllowList ?? [])
            .Where(static entry => entry.AllowUntrustedRoot)
            .Select(static entry => KeyValuePair.Create(entry.Fingerprint, entry.FingerprintAlgorithm));
        var verifier = new PackageSignatureVerifier([
            new IntegrityVerificationProvider(),
            new SignatureTrustAndValidityVerificationProvider(untrustedRoots),
            new AllowListVerificationProvider(
                policy.AllowList,
                requireNonEmptyAllowList: policy.Policy == NuGet.Common.SignatureValidationMode.Require,
                "nuget.config requires signatures and has no trusted signer",
                "it is signed by none of the trusted signers in nuget.config"
            ),
        ]);
        try
        {
            using var reader = new PackageArchiveReader(nupkg);
            VerifySignaturesResult result = await verifier
                .VerifySignaturesAsync(reader, policy.VerifierSettings, cancellationToken, Guid.Empty)
                .ConfigureAwait(false);
            if (!result.IsValid)
            {
                string[] reasons =
                [
                    .. result
                        .Results.SelectMany(static r => r.Issues)
                        .Where(static issue => issue.Level == LogLevel.Error)
                        .Select(static issue => issue.Message)
                        .Distinct()
                        .Take(2),
                ];
                throw new InputException($"{name}: the package's signature is not valid: {string.Join("; ", reasons)}");
            }
        }
        catch (Exception e) when (e is SignatureException or CryptographicException or PackagingException or InvalidDataException)
        {
            throw new InputException($"{name}: the package's signature is not valid: {e.Message}", e);
        }
    }
}
