namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// Where one word of a verdict ends and the next begins. All are in nats per target token unless said.
/// </summary>
internal static class Thresholds
{
    /// <summary>
    /// A rise or fall of the loss that counts: half a nat is a factor of 1.65 in perplexity, well above the noise of a
    /// few batches (a window of thousands of tokens wanders by about 0.1) and well below what any learning model gains.
    /// </summary>
    public const double Notable = 0.5;

    /// <summary>
    /// Distance to the unigram entropy below which a model has learned no more than how frequent subwords are. Sentence
    /// length and position by themselves save a few tenths of a nat, so half a nat leaves no room for use of the source
    /// sentence.
    /// </summary>
    public const double UnigramPlateau = 0.5;

    /// <summary>
    /// Rise of the validation loss above its best that counts as overfitting when the training loss keeps falling: 5 %
    /// in perplexity, above the differences between neighboring checkpoints.
    /// </summary>
    public const double Overfitting = 0.05;

    /// <summary>
    /// Fall of the validation loss below that of the model which training began from that counts as an improvement: 2 %
    /// in perplexity, above what a few updates on the same text change by chance.
    /// </summary>
    public const double Improved = 0.02;

    /// <summary>
    /// Gain over the last interval between validations that promises more from longer training: 2 % in perplexity.
    /// </summary>
    public const double StillFalling = 0.02;

    /// <summary>
    /// Perplexity above which a report without the unigram entropy says that it cannot tell a working model from one
    /// stuck on the plateau: translation models that work are far below it, unigram models of subwords far above.
    /// </summary>
    public const double DoubtfulPerplexity = 100;

    /// <summary>
    /// The training loss is judged by means over a twentieth of the log, so that one odd batch decides nothing.
    /// </summary>
    public const int Windows = 20;
}
