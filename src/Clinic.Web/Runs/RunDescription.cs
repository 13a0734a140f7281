namespace TransformerClinic.Web.Runs;

/// <summary>What is known of a run. Losses are in nats per target token; what is not known is absent.</summary>
/// <param name="Id">What requests call it.</param>
/// <param name="Status">How it stands.</param>
internal sealed record RunDescription(string Id, RunStatus Status)
{
    /// <summary>The recipe's name.</summary>
    public string? Recipe { get; init; }

    /// <summary>The language that is translated.</summary>
    public string? Source { get; init; }

    /// <summary>The language that it is translated into.</summary>
    public string? Target { get; init; }

    /// <summary>Residual variant of the encoder.</summary>
    public string? EncoderVariant { get; init; }

    /// <summary>Residual variant of the decoder.</summary>
    public string? DecoderVariant { get; init; }

    /// <summary>Layers of the encoder.</summary>
    public int? EncoderLayers { get; init; }

    /// <summary>Layers of the decoder.</summary>
    public int? DecoderLayers { get; init; }

    /// <summary>The seed.</summary>
    public long? Seed { get; init; }

    /// <summary>Updates made.</summary>
    public long Updates { get; init; }

    /// <summary>Updates after which it ends.</summary>
    public long? MaxUpdates { get; init; }

    /// <summary>Seconds of training.</summary>
    public double Seconds { get; init; }

    /// <summary>Updates in a second of training, lately.</summary>
    public double? UpdatesPerSecond { get; init; }

    /// <summary>
    /// Seconds of training until it ends by its number of updates or its time, at the present rate; only while a
    /// process works in its folder.
    /// </summary>
    public double? RemainingSeconds { get; init; }

    /// <summary>Negative log-likelihood in training, lately.</summary>
    public double? TrainingNll { get; init; }

    /// <summary>Negative log-likelihood on the validation set: of the final model, or the latest.</summary>
    public double? ValidationNll { get; init; }

    /// <summary>BLEU of the test set.</summary>
    public double? Bleu { get; init; }

    /// <summary>What the BLEU score was computed with.</summary>
    public string? BleuSignature { get; init; }

    /// <summary>How the training went, in a word, once it has ended.</summary>
    public string? Outcome { get; init; }

    /// <summary>The same in a sentence.</summary>
    public string? Verdict { get; init; }

    /// <summary>Why a file of the run cannot be read.</summary>
    public string? Problem { get; init; }
}
