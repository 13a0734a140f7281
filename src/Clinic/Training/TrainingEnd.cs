namespace TransformerClinic.Training;

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All updates were made.</summary>
    Finished,

    /// <summary>The time was up.</summary>
    TimeLimit,

    /// <summary>
    /// The validation loss had not been lowered for as many validations as the options have patience for.
    /// </summary>
    NoImprovement,

    /// <summary>Somebody asked it to stop; a checkpoint was written.</summary>
    Interrupted,

    /// <summary>The guard against divergence ended it.</summary>
    Diverged,

    /// <summary>The guard ended it because the loss stayed where a model without context is.</summary>
    Stuck,

    /// <summary>It had trained on as many target tokens as the options allow.</summary>
    TokenLimit,
}
