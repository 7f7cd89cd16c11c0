namespace Sextant.Cli.Tests;

/// <summary>Three short answers, of which one means "money back" without saying so.</summary>
internal static class Faq
{
    public const string JsonLines = """
        {"id":"refund","text":"Refunds: send the item back within 30 days and we return the full price to your card.","topic":"orders"}
        {"id":"password","text":"To reset your password choose 'forgot password' on the sign-in page.","topic":"account"}
        {"id":"shipping","text":"Shipping takes three to five working days.","topic":"orders"}
        """;
}
