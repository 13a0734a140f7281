namespace TransformerClinic.Data;

/// <summary>What preparing text does, one after the other.</summary>
public enum PreparationStage
{
    /// <summary>Reads the files; counted in megabytes.</summary>
    Reading,

    /// <summary>Counts the words of the training text; counted in lines.</summary>
    CountingWords,

    /// <summary>Learns the merges of the subwords; counted in merges. The first cost most.</summary>
    LearningMerges,

    /// <summary>Turns all text into ids; counted in pairs.</summary>
    Encoding,
}
