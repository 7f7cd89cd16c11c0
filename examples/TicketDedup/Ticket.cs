namespace TicketDedup;

/// <summary>One line of the file.</summary>
internal sealed record Ticket(string Id, string Text);
