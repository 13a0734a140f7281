using TransformerClinic.Kernels;
using TransformerClinic.Kernels.Attention;
using TransformerClinic.Kernels.Products;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// A whole attention branch as one function for autograd (<see cref="AttentionBranchPass"/>): for small models, whose
/// products take no longer than the bookkeeping of as many operators.
/// </summary>
internal sealed class AttentionBranchFunction : autograd.SingleTensorFunction<AttentionBranchFunction>
{
    private const string PassName = "pass";
    private const string HandoverName = "handover";

    /// <inheritdoc/>
    public override string Name => nameof(AttentionBranchFunction);

    /// <summary>
    /// Whether it can compute a branch and is faster: what <see cref="FusedAttention"/> can, in float32 and small.
    /// </summary>
    /// <param name="x">What asks, <c>[batch, queries, dim]</c>.</param>
    /// <param name="sequence">What is asked, <c>[batch, keys, dim]</c>.</param>
    /// <param name="input">Projects to queries, keys and values.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="mask">What is added to the scores; null for nothing.</param>
    public static bool Serves(Tensor x, Tensor sequence, Linear input, int heads, Tensor? mask)
    {
        var dim = input.Inputs;
        return input.ComputeType is null
            && x.dtype == ScalarType.Float32
            && input.Weight.dtype == ScalarType.Float32
            && MatrixProduct.IsSmall(Math.Max(x.numel(), sequence.numel()) / dim, dim, input.Outputs)
            && AttentionFunction.Serves(x, sequence, dim / heads, mask);
    }

    /// <summary>The branch's output, <c>[batch, queries, dim]</c>.</summary>
    /// <param name="x">What asks, <c>[batch, queries, dim]</c>.</param>
    /// <param name="sequence">What is asked, <c>[batch, keys, dim]</c>; null for x itself.</param>
    /// <param name="input">Projects to queries, keys and values.</param>
    /// <param name="output">Projects what the heads found.</param>
    /// <param name="attention">Heads, scale, mask and dropout.</param>
    /// <param name="handover">Keeps the gradients while libtorch takes them.</param>
    public static Tensor Apply(
        Tensor x,
        Tensor? sequence,
        Linear input,
        Linear output,
        AttentionCall attention,
        GradientHandover handover
    )
    {
        using var scope = NewDisposeScope();
        var (asking, asked, mask) = (x.contiguous(), sequence?.contiguous(), attention.Mask?.contiguous());
        var pass = new AttentionBranchPass(
            input,
            output,
            attention with
            {
                Mask = mask,
            },
            attention.Shape(x, sequence),
            readsMemory: sequence is not null
        );
        var result = is_grad_enabled()
            ? apply(asking, asked!, input.Weight, input.Bias, output.Weight, output.Bias, mask!, pass, handover)
            : Compute(asking, asked, pass).Output;
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, sequence, mask) = ((Tensor)vars[0], (Tensor?)vars[1], (Tensor?)vars[6]);
        var pass = (AttentionBranchPass)vars[7];
        var (output, kept) = Compute(x, sequence, pass);
        List<Tensor> saved = [x, kept];
        if (sequence is not null)
        {
            saved.Add(sequence);
        }

        if (mask is not null)
        {
            saved.Add(mask); // the pass reads its memory again
        }

        ctx.save_for_backward(saved);
        ctx.save_data(PassName, pass);
        ctx.save_data(HandoverName, vars[8]);
        return output;
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var given = grad_output;
        var saved = ctx.get_saved_variables();
        var pass = (AttentionBranchPass)ctx.get_data(PassName);
        var (x, kept) = (saved[0], saved[1]);
        var sequence = pass.ReadsMemory ? saved[2] : null;
        var gradient = grad_output.contiguous();
        var (toX, toSequence) = (empty_like(x), sequence is null ? null : empty_like(sequence));
        using var work = new ScratchMemory<float>(pass.Work);
        var found = pass.Backward(
            Address(x),
            Address(sequence),
            Address(kept),
            Address(gradient),
            work.Start,
            Address(toX),
            Address(toSequence),
            adds: true
        );
        return ((GradientHandover)ctx.get_data(HandoverName)).Hand([
            toX,
            toSequence,
            .. found.Select(parameter => parameter.Handed),
            null,
            null,
            null,
        ]);
    }

    private static unsafe (Tensor Output, Tensor Kept) Compute(Tensor x, Tensor? sequence, AttentionBranchPass pass)
    {
        var (output, kept) = (empty_like(x), empty(pass.Kept));
        pass.Forward(Address(x), Address(sequence), Address(kept), Address(output));
        return (output, kept);
    }

    private static unsafe float* Address(Tensor? tensor) => TensorMemory.Of<float>(tensor);
}
