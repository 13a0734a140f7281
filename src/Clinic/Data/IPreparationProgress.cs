namespace TransformerClinic.Data;

/// <summary>Shows how far the preparation of text is.</summary>
internal interface IPreparationProgress
{
    /// <summary>Does the work of a stage.</summary>
    /// <param name="stage">The stage, whose unit is counted.</param>
    /// <param name="total">How much there is to do; infinite where it is not known.</param>
    /// <param name="work">The work; it reports to its argument how much is done.</param>
    T Stage<T>(PreparationStage stage, double total, Func<IProgress<double>, T> work);
}

/// <summary>What preparing text does, one after the other.</summary>
internal enum PreparationStage
{
    /// <summary>Reads the files; counted in megabytes.</summary>
    Reading,

    /// <summary>Reads the files and counts the words of the training text; counted in megabytes.</summary>
    CountingWords,

    /// <summary>Adds up the counted words of the training text's parts; counted in parts.</summary>
    AddingCounts,

    /// <summary>Learns the merges of the subwords; counted in merges. The first ones cost most.</summary>
    LearningMerges,

    /// <summary>Turns all text into ids; counted in pairs.</summary>
    Encoding,
}
