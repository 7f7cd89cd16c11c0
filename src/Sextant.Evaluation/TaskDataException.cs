namespace Sextant.Evaluation;

/// <summary>The data of a task is readable but cannot produce a score. A caller that knows the files adds them to the message.</summary>
internal sealed class TaskDataException(string message) : InputException(message);
