namespace TransformerClinic.Text.SentencePiece;

/// <summary>What a piece of a SentencePiece model is (sentencepiece_model.proto).</summary>
internal enum PieceType
{
    /// <summary>Text.</summary>
    Normal = 1,

    /// <summary>What stands for text that no piece covers.</summary>
    Unknown = 2,

    /// <summary>A mark that no text is cut into.</summary>
    Control = 3,

    /// <summary>Text that is always cut into this piece.</summary>
    UserDefined = 4,

    /// <summary>Text that is not cut into this piece; it only helps to find others.</summary>
    Unused = 5,

    /// <summary>A byte of what no other piece covers.</summary>
    Byte = 6,
}

/// <summary>A piece of a SentencePiece model.</summary>
/// <param name="Text">Its text; a space is U+2581.</param>
/// <param name="Score">Unigram: its log-probability. BPE: the greater, the earlier it is merged.</param>
/// <param name="Type">What it is.</param>
internal sealed record ModelPiece(string Text, float Score, PieceType Type);
