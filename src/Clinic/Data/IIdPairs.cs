namespace TransformerClinic.Data;

/// <summary>Pairs of sequences of ids, each ending with the end mark, by number from 0.</summary>
internal interface IIdPairs
{
    /// <summary>Ids of a source.</summary>
    int SourceLength(int pair);

    /// <summary>Ids of a target.</summary>
    int TargetLength(int pair);

    /// <summary>Copies the ids of a source; there is room for exactly as many as it has.</summary>
    void CopySource(int pair, Span<long> to);

    /// <summary>Copies the ids of a target; there is room for exactly as many as it has.</summary>
    void CopyTarget(int pair, Span<long> to);
}
