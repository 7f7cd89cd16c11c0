namespace Sextant.Cli;

/// <summary>The commands that carry out the suggestions of library messages.</summary>
internal static class RemedyCommands
{
    /// <summary>The command, as it can be typed.</summary>
    public static string Find(Remedy remedy)
    {
        string subject = Quote(remedy.Subject);
        return remedy.Action switch
        {
            RemedyAction.ListModels => "sextant models",
            RemedyAction.DownloadModel => $"sextant models pull {subject}",
            RemedyAction.ExportModel => $"sextant models export {subject} --onnx -o {subject}",
            RemedyAction.CreateCollection => $"sextant index SOURCE --to {subject}",
            RemedyAction.IndexFile => $"sextant index {subject}",
            RemedyAction.RestoreCollection => $"sextant collection restore BACKUP {subject}",
            RemedyAction.RestoreBackup => $"sextant collection restore {subject} FOLDER",
            RemedyAction.VerifyCollection => $"sextant collection verify {subject}",
            RemedyAction.RollBackModel => $"sextant collection reembed {subject} --rollback",
            RemedyAction.DropPreviousModel => $"sextant collection reembed {subject} --drop-old",
            RemedyAction.AbandonReembedding => $"sextant collection reembed {subject} --abandon",
            _ => throw new ArgumentOutOfRangeException(nameof(remedy), remedy.Action, "There is no command for this."),
        };
    }

    private static string Quote(string subject) => subject.Contains(' ', StringComparison.Ordinal) ? $"\"{subject}\"" : subject;
}
