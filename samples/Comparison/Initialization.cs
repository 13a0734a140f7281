using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Samples.Comparison;

/// <summary>How the matrices of the blocks are drawn.</summary>
public enum Initialization
{
    /// <summary><c>N(0, 2 / inputs)</c>, biases 0: He et al. 2015, for layers with ReLU.</summary>
    He,

    /// <summary>
    /// <c>U(-a, a)</c>, <c>a = sqrt(6 / (inputs + outputs))</c>, biases 0: Glorot and Bengio 2010, as
    /// <c>nn.Transformer</c> draws its matrices.
    /// </summary>
    Xavier,

    /// <summary>
    /// <c>U(-a, a)</c>, <c>a = sqrt(1 / inputs)</c>, biases too: what <c>nn.Linear</c> does by default.
    /// </summary>
    Torch,
}

/// <summary>Draws matrices.</summary>
public static class InitializationExtensions
{
    /// <summary>
    /// Draws new weights for the layer; leaves them as they are for <see cref="Initialization.Torch"/>.
    /// </summary>
    public static Linear Drawn(this Linear layer, Initialization initialization)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (initialization == Initialization.Torch)
        {
            return layer;
        }

        if (initialization == Initialization.He)
        {
            nn.init.kaiming_normal_(layer.weight, nonlinearity: nn.init.NonlinearityType.ReLU);
        }
        else
        {
            nn.init.xavier_uniform_(layer.weight);
        }

        nn.init.zeros_(layer.bias!);
        return layer;
    }
}
