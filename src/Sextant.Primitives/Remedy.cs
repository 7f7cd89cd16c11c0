namespace Sextant;

/// <summary>A suggestion for fixing a failure, so that programs can add how to follow it, as a command names its own commands.</summary>
/// <param name="Action">The action to take.</param>
/// <param name="Subject">What to do it with: the name of a model, a collection, or a file; empty for none.</param>
public sealed record Remedy(RemedyAction Action, string Subject = "");

/// <summary>The actions that can fix a failure.</summary>
public enum RemedyAction
{
    /// <summary>List the models that are known; no subject.</summary>
    ListModels = 0,

    /// <summary>Fetch the model while online.</summary>
    DownloadModel = 1,

    /// <summary>Write the ONNX graph of the transformer in this folder.</summary>
    ExportModel = 2,

    /// <summary>Make the collection, from files to search.</summary>
    CreateCollection = 3,

    /// <summary>Have the texts of this file embedded, instead of importing their vectors.</summary>
    IndexFile = 4,

    /// <summary>Restore the collection from a backup.</summary>
    RestoreCollection = 5,

    /// <summary>Restore this backup into a folder.</summary>
    RestoreBackup = 6,

    /// <summary>Check the collection.</summary>
    VerifyCollection = 7,

    /// <summary>Return the collection to the vectors of the model before.</summary>
    RollBackModel = 8,

    /// <summary>Drop the vectors of the model before.</summary>
    DropPreviousModel = 9,

    /// <summary>Give up moving the collection to another model.</summary>
    AbandonReembedding = 10,
}
