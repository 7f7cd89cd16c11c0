namespace Sextant.Models.Hub;

/// <summary>A request failed in a way that a later one may not.</summary>
/// <param name="message">For the user, if repeating does not help.</param>
/// <param name="after">How long the hub asks to wait, if it says.</param>
/// <param name="cause">The failure.</param>
internal sealed class HubTransientException(string message, TimeSpan? after = null, Exception? cause = null)
    : SextantException(message, cause)
{
    public TimeSpan? After { get; } = after;
}
