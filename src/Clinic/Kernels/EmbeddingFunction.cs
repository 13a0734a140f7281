using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Kernels;

/// <summary><see cref="EmbeddedTokens"/> with its gradient, for autograd.</summary>
internal sealed class EmbeddingFunction : autograd.SingleTensorFunction<EmbeddingFunction>
{
    private const string ArgumentsName = "arguments";

    /// <inheritdoc/>
    public override string Name => nameof(EmbeddingFunction);

    /// <summary>Whether the kernel can compute it: in the processor's memory, float32, in whole vectors.</summary>
    public static bool Serves(Tensor embedding, Tensor places) =>
        embedding.device_type == DeviceType.CPU
        && embedding.dtype == ScalarType.Float32
        && places.dtype == ScalarType.Float32
        && embedding.size(1) % 16 == 0;

    /// <summary><c>[batch, length, dim]</c></summary>
    /// <param name="tokens"><c>[batch, length]</c> (int64)</param>
    /// <param name="embedding">E, <c>[vocabulary, dim]</c>.</param>
    /// <param name="places">P, <c>[places, dim]</c>.</param>
    /// <param name="scale">s</param>
    /// <param name="padding">The padding token.</param>
    /// <param name="firstPlace">The place of a sequence's first token.</param>
    /// <param name="dropout">m; null for none.</param>
    /// <param name="handover">Keeps the gradients while libtorch takes them.</param>
    public static Tensor Apply(
        Tensor tokens,
        Tensor embedding,
        Tensor places,
        double scale,
        long padding,
        int firstPlace,
        DropoutMask? dropout,
        GradientHandover handover
    )
    {
        using var scope = NewDisposeScope();
        var arguments = new Arguments(embedding, (float)scale, padding, firstPlace, dropout, handover);
        var ids = tokens.contiguous();
        var output = is_grad_enabled() ? apply(embedding, ids, places, arguments) : Compute(ids, places, arguments);
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (tokens, places, arguments) = ((Tensor)vars[1], (Tensor)vars[2], (Arguments)vars[3]);
        ctx.save_for_backward([tokens]);
        ctx.save_data(ArgumentsName, arguments);
        return Compute(tokens, places, arguments);
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var given = grad_output;
        var tokens = ctx.get_saved_variables()[0];
        var arguments = (Arguments)ctx.get_data(ArgumentsName);
        var to = new ParameterGradient(arguments.Embedding);
        var gradient = grad_output.contiguous();
        Kernel(tokens, arguments).Backward(TensorMemory.Of<float>(gradient), to.Start);
        return arguments.Handover.Hand(to.Handed, null, null, null);
    }

    private static unsafe Tensor Compute(Tensor tokens, Tensor places, Arguments arguments)
    {
        var output = empty(tokens.size(0), tokens.size(1), arguments.Embedding.size(1));
        Kernel(tokens, arguments)
            .Forward(
                TensorMemory.Of<float>(arguments.Embedding),
                arguments.Embedding.size(0),
                TensorMemory.Of<float>(places),
                TensorMemory.Of<float>(output)
            );
        return output;
    }

    private static unsafe EmbeddedTokens Kernel(Tensor tokens, Arguments arguments) =>
        new(
            TensorMemory.Of<long>(tokens),
            (int)tokens.numel(),
            (int)tokens.size(1),
            (int)arguments.Embedding.size(1),
            arguments.Scale,
            arguments.Padding,
            arguments.FirstPlace,
            arguments.Dropout
        );

    private sealed record Arguments(
        Tensor Embedding,
        float Scale,
        long Padding,
        int FirstPlace,
        DropoutMask? Dropout,
        GradientHandover Handover
    );
}
