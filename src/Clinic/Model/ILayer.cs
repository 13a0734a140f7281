using TransformerClinic.Model.Functions;

namespace TransformerClinic.Model;

/// <summary>A layer of a stack.</summary>
internal interface ILayer
{
    /// <summary>The sublayers in forward order.</summary>
    IEnumerable<Sublayer> Sublayers { get; }

    /// <summary>Whether kernels of ours compute the whole layer, and nobody looks on.</summary>
    bool IsOfKernels(StackInputs inputs);

    /// <summary>The sublayers in forward order, as kernels compute them in one pass; draws the dropout masks.</summary>
    IEnumerable<SublayerPass> Pass(StackInputs inputs);
}
