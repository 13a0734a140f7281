namespace TransformerClinic.Text.SentencePiece;

/// <summary>Cuts normalized text into pieces.</summary>
internal interface IPieceSegmenter
{
    /// <summary>The pieces: how many bytes each has, and its number in the model.</summary>
    List<(int Length, int Piece)> Cut(ReadOnlySpan<byte> text);
}
