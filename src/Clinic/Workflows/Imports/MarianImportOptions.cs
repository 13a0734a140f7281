namespace TransformerClinic.Workflows.Imports;

/// <summary>A model of Marian or of Hugging Face's class marian, what belongs to it, and where it goes.</summary>
internal sealed record MarianImportOptions
{
    /// <summary>
    /// A model file of Marian (<c>.npz</c> or <c>.bin</c>), a folder with a <c>decoder.yml</c> that names one, or a
    /// folder of Hugging Face.
    /// </summary>
    public required string Model { get; init; }

    /// <summary>
    /// The vocabulary of the source, or of both languages: a SentencePiece model, or pieces with their ids; null for
    /// the one that the folder names.
    /// </summary>
    public string? Vocabulary { get; init; }

    /// <summary>The vocabulary of the target; null if it is the same.</summary>
    public string? TargetVocabulary { get; init; }

    /// <summary>
    /// The SentencePiece model that source text is cut with; null for the vocabulary, if it is one, or
    /// <c>source.spm</c> next to the model.
    /// </summary>
    public string? SourcePieces { get; init; }

    /// <summary>The same of the target; null for the vocabulary, if it is one, or <c>target.spm</c>.</summary>
    public string? TargetPieces { get; init; }

    /// <summary>The language that it reads; null takes what the folder says.</summary>
    public string? SourceLanguage { get; init; }

    /// <summary>The language that it writes; null takes what the folder says.</summary>
    public string? TargetLanguage { get; init; }

    /// <summary>Names of options of the model to leave out although they are not known.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>The model folder to write: a new one, an empty one, or one that holds a model.</summary>
    public required string Output { get; init; }
}
