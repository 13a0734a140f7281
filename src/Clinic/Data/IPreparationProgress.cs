namespace TransformerClinic.Data;

/// <summary>Shows how far preparing text is.</summary>
public interface IPreparationProgress
{
    /// <summary>Does the work of a stage.</summary>
    /// <param name="stage">The stage, whose unit is counted.</param>
    /// <param name="total">How much there is to do; infinite where nobody knows.</param>
    /// <param name="work">The work; it reports to its argument how much is done.</param>
    T Stage<T>(PreparationStage stage, double total, Func<IProgress<double>, T> work);
}
