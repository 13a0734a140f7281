namespace TransformerClinic.Decoding;

/// <summary>A model as a search sees it. Several threads may use it at once.</summary>
internal interface IDecodingModel
{
    /// <summary>
    /// Reads a batch of sources, each ending with the end mark and no longer than the model's positions.
    /// </summary>
    IIncrementalDecoder Start(IReadOnlyList<int[]> sources);
}
