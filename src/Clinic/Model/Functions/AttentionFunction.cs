using TorchSharp;
using TransformerClinic.Kernels;
using TransformerClinic.Kernels.Attention;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// <see cref="FusedAttention"/> with its gradient, for autograd: the concatenated heads <c>[batch, queries, dim]</c> of
/// <c>softmax(s Q K^T + M) V</c>.
/// </summary>
internal sealed class AttentionFunction : autograd.SingleTensorFunction<AttentionFunction>
{
    private const string ArgumentsName = "arguments";

    // Longer ones leave the cache, and a general library's products are as fast.
    private const int Longest = 128;

    /// <inheritdoc/>
    public override string Name => nameof(FusedAttention);

    /// <summary>
    /// Whether the kernel can compute it and is faster: in the processor's memory, float32 or bfloat16, heads in whole
    /// vectors, short sequences, and a mask that is the same for all heads.
    /// </summary>
    /// <param name="queries">What asks, <c>[batch, queries, ...]</c>.</param>
    /// <param name="keys">What is asked, <c>[batch, keys, ...]</c>.</param>
    /// <param name="headDim">Channels of a head.</param>
    /// <param name="mask">What is added to the scores; null for nothing.</param>
    public static bool Serves(Tensor queries, Tensor keys, int headDim, Tensor? mask) =>
        queries.device_type == DeviceType.CPU
        && queries.dtype is ScalarType.Float32 or ScalarType.BFloat16
        && headDim % 16 == 0
        && Math.Max(queries.size(1), keys.size(1)) <= Longest
        && (mask is null || (mask.dtype == ScalarType.Float32 && (mask.dim() == 2 || mask.size(1) == 1)));

    /// <summary>Attention of a sequence to itself.</summary>
    /// <param name="projected">Queries, keys and values of each position, <c>[batch, length, 3 dim]</c>.</param>
    /// <param name="attention">Heads, scale, mask and dropout.</param>
    /// <param name="handover">Keeps the gradients while libtorch takes them.</param>
    public static Tensor ToSelf(Tensor projected, AttentionCall attention, GradientHandover handover)
    {
        var (batch, length, dim) = (projected.size(0), projected.size(1), projected.size(2) / 3);
        var shape = new AttentionShape((int)batch, (int)length, (int)length, (int)dim, attention.Heads);
        return Apply(projected, null, new Arguments(shape, attention.Contiguous(), handover));
    }

    /// <summary>Attention of a sequence to another.</summary>
    /// <param name="queries"><c>[batch, queries, dim]</c></param>
    /// <param name="keyValues">Keys and values of each position, <c>[batch, keys, 2 dim]</c>.</param>
    /// <param name="attention">Heads, scale, mask and dropout.</param>
    /// <param name="handover">Keeps the gradients while libtorch takes them.</param>
    public static Tensor ToMemory(
        Tensor queries,
        Tensor keyValues,
        AttentionCall attention,
        GradientHandover handover
    ) =>
        Apply(queries, keyValues, new Arguments(attention.Shape(queries, keyValues), attention.Contiguous(), handover));

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (queries, keyValues, arguments) = ((Tensor)vars[0], (Tensor?)vars[1], (Arguments)vars[2]);
        var (output, weights) = Compute(queries, keyValues, arguments);
        List<Tensor> saved = [queries, weights];
        if (keyValues is not null)
        {
            saved.Add(keyValues);
        }

        if (arguments.Attention.Mask is not null)
        {
            saved.Add(arguments.Attention.Mask);
        }

        ctx.save_for_backward(saved);
        ctx.save_data(ArgumentsName, arguments);
        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var given = grad_output;
        var saved = ctx.get_saved_variables();
        var arguments = (Arguments)ctx.get_data(ArgumentsName);
        var (queries, weights) = (saved[0], saved[1]);
        var isSelf = queries.size(2) == 3 * arguments.Shape.Dim;
        var keyValues = isSelf ? null : saved[2];
        if (arguments.Attention.Mask is not null)
        {
            arguments = arguments with { Attention = arguments.Attention with { Mask = saved[^1] } };
        }

        var gradient = grad_output.contiguous();
        var (toQueries, toKeyValues) = (empty_like(queries), keyValues is null ? null : empty_like(keyValues));
        if (queries.dtype == ScalarType.BFloat16)
        {
            GoBack<ushort, Bfloat16>(queries, keyValues, weights, gradient, arguments, toQueries, toKeyValues);
        }
        else
        {
            GoBack<float, Float32>(queries, keyValues, weights, gradient, arguments, toQueries, toKeyValues);
        }

        return arguments.Handover.Hand(toQueries, toKeyValues, null);
    }

    private static Tensor Apply(Tensor queries, Tensor? keyValues, Arguments arguments)
    {
        using var scope = NewDisposeScope();
        var (ofQueries, ofMemory) = (queries.contiguous(), keyValues?.contiguous());
        var output = is_grad_enabled()
            ? apply(ofQueries, ofMemory!, arguments)
            : Compute(ofQueries, ofMemory, arguments).Output;
        return output.MoveToOuterDisposeScope();
    }

    private static (Tensor Output, Tensor Weights) Compute(Tensor queries, Tensor? keyValues, Arguments arguments)
    {
        var shape = arguments.Shape;
        var output = empty([shape.Batch, shape.Queries, shape.Dim], queries.dtype);
        var weights = empty(shape.Weights);
        if (queries.dtype == ScalarType.BFloat16)
        {
            Compute<ushort, Bfloat16>(queries, keyValues, weights, arguments, output);
        }
        else
        {
            Compute<float, Float32>(queries, keyValues, weights, arguments, output);
        }

        return (output, weights);
    }

    private static unsafe void Compute<T, TNumbers>(
        Tensor queries,
        Tensor? keyValues,
        Tensor weights,
        Arguments arguments,
        Tensor output
    )
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        var (q, k, v) = Rows<T>(queries, keyValues, arguments.Shape);
        var o = new HeadRows<T>(TensorMemory.Of<T>(output), arguments.Shape.Dim);
        arguments.Attention.Kernel(arguments.Shape).Forward<T, TNumbers>(q, k, v, o, TensorMemory.Of<float>(weights));
    }

    private static unsafe void GoBack<T, TNumbers>(
        Tensor queries,
        Tensor? keyValues,
        Tensor weights,
        Tensor gradient,
        Arguments arguments,
        Tensor toQueries,
        Tensor? toKeyValues
    )
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        var (q, k, v) = Rows<T>(queries, keyValues, arguments.Shape);
        var (toQ, toK, toV) = Rows<T>(toQueries, toKeyValues, arguments.Shape);
        var g = new HeadRows<T>(TensorMemory.Of<T>(gradient), arguments.Shape.Dim);
        arguments
            .Attention.Kernel(arguments.Shape)
            .Backward<T, TNumbers>(q, k, v, TensorMemory.Of<float>(weights), g, toQ, toK, toV);
    }

    /// <summary>Where queries, keys and values are: all in rows of one tensor, or in those of two.</summary>
    private static unsafe (HeadRows<T> Queries, HeadRows<T> Keys, HeadRows<T> Values) Rows<T>(
        Tensor queries,
        Tensor? keyValues,
        AttentionShape shape
    )
        where T : unmanaged
    {
        var ofQueries = TensorMemory.Of<T>(queries);
        var ofKeys = keyValues is null ? ofQueries + shape.Dim : TensorMemory.Of<T>(keyValues);
        var (strideOfQueries, strideOfKeys) = keyValues is null
            ? (3 * shape.Dim, 3 * shape.Dim)
            : (shape.Dim, 2 * shape.Dim);
        return (
            new HeadRows<T>(ofQueries, strideOfQueries),
            new HeadRows<T>(ofKeys, strideOfKeys),
            new HeadRows<T>(ofKeys + shape.Dim, strideOfKeys)
        );
    }

    private sealed record Arguments(AttentionShape Shape, AttentionCall Attention, GradientHandover Handover);
}
