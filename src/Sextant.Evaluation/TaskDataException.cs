namespace Sextant.Evaluation;

/// <summary>The data of a task can be read, and no score can come of it. Whoever knows the files adds them to the message.</summary>
internal sealed class TaskDataException(string message) : InputException(message);
