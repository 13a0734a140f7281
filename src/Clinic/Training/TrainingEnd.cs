namespace TransformerClinic.Training;

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All updates were made.</summary>
    Finished,

    /// <summary>The time was up.</summary>
    TimeLimit,

    /// <summary>Somebody asked it to stop; a checkpoint was written.</summary>
    Interrupted,

    /// <summary>Loss or gradient was not finite for many updates in a row.</summary>
    Diverged,
}
