using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// A sublayer's branch in one pass of a batch, in the processor's memory, float32: rows <c>[dim]</c> in, as many out.
/// </summary>
internal unsafe interface IBranchPass
{
    /// <summary>How many numbers are kept from the forward pass to the backward pass.</summary>
    long Kept { get; }

    /// <summary>How many numbers the backward pass needs room for.</summary>
    long Work { get; }

    /// <summary>Whether the branch reads the encoder's output, too.</summary>
    bool ReadsMemory { get; }

    /// <summary>The parameters, in the order of the gradients that the backward pass returns.</summary>
    Tensor[] Parameters { get; }

    /// <summary>Fills y, and what is kept.</summary>
    /// <param name="x">The branch's input.</param>
    /// <param name="memory">The encoder's output, for a branch that reads it.</param>
    /// <param name="kept">What is kept.</param>
    /// <param name="y">The branch's output.</param>
    void Forward(float* x, float* memory, float* kept, float* y);

    /// <summary>
    /// Fills the gradients of x and memory from that of y, and adds to those of the parameters, which it returns, or
    /// fills them.
    /// </summary>
    /// <param name="x">The branch's input.</param>
    /// <param name="memory">The encoder's output, for a branch that reads it.</param>
    /// <param name="kept">What was kept.</param>
    /// <param name="gradient">The gradient of y.</param>
    /// <param name="work">Room to compute in.</param>
    /// <param name="toX">The gradient of x.</param>
    /// <param name="toMemory">The gradient of the encoder's output, for a branch that reads it.</param>
    /// <param name="adds">Whether it adds to the gradients of the parameters.</param>
    ParameterGradient[] Backward(
        float* x,
        float* memory,
        float* kept,
        float* gradient,
        float* work,
        float* toX,
        float* toMemory,
        bool adds
    );
}
