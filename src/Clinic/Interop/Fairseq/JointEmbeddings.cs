using static TorchSharp.torch;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// The tensors of a model with separate dictionaries as one with their joint vocabulary has them: rows of embeddings
/// and output projection in the joint order, the row of the unknown word for pieces that a side does not have, and an
/// output bias of minus infinity for those that the target does not have.
/// </summary>
internal sealed class JointEmbeddings(IFairseqTensors inner, JointVocabulary vocabulary) : IFairseqTensors
{
    /// <inheritdoc/>
    public string Path => inner.Path;

    /// <inheritdoc/>
    public IEnumerable<string> Names => [.. inner.Names, FairseqNames.OutputBias];

    /// <inheritdoc/>
    public bool Has(string name) => name == FairseqNames.OutputBias || inner.Has(name);

    /// <inheritdoc/>
    public Tensor Read(string name) =>
        name switch
        {
            FairseqNames.SourceEmbedding => Reordered(name, vocabulary.SourceRows),
            FairseqNames.TargetEmbedding or FairseqNames.OutputProjection => Reordered(name, vocabulary.TargetRows),
            FairseqNames.OutputBias => RuledOut(),
            _ => inner.Read(name),
        };

    private Tensor Reordered(string name, IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        return inner
            .Read(name)
            .index_select(0, tensor(rows.Select(row => (long)row).ToArray()))
            .MoveToOuterDisposeScope();
    }

    private Tensor RuledOut()
    {
        var bias = new float[vocabulary.Count];
        foreach (var id in vocabulary.OnlySource)
        {
            bias[id] = float.NegativeInfinity;
        }

        return tensor(bias);
    }
}
