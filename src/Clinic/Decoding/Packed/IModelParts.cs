using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary>What a model is packed from: the module with its tensors, or the file of its weights.</summary>
internal interface IModelParts
{
    /// <summary>The model's shape.</summary>
    ModelOptions Options { get; }

    /// <summary>Size of the joint vocabulary.</summary>
    int Vocabulary { get; }

    /// <summary>The embedding of positions.</summary>
    PositionRows Positions { get; }

    /// <summary>A parameter by its name in the model; a vector has one column.</summary>
    /// <exception cref="UnservedModelException">The file has no such parameter.</exception>
    WeightMemory Weight(string name, int rows, int columns = 1);

    /// <summary>The same of one that is read as long as the model is used, not only while it is packed.</summary>
    /// <exception cref="UnservedModelException">The file has no such parameter.</exception>
    WeightMemory LastingWeight(string name, int rows, int columns = 1);

    /// <summary>A sublayer's residual connection.</summary>
    /// <exception cref="UnservedModelException">It takes the module to know it.</exception>
    PackedConnection Connection(SublayerAddress address);

    /// <summary>What a sublayer's branch normalizes before its last matrix; null for nothing.</summary>
    PackedNorm? BranchNorm(SublayerAddress address);

    /// <summary>What a sublayer's attention normalizes of each head; null for nothing.</summary>
    PackedHeadNorms? HeadNorms(SublayerAddress address);

    /// <summary>What is before a stack's first layer and after its last.</summary>
    PackedEnds Ends(StackName stack);
}
