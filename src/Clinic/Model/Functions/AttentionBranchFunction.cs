using TransformerClinic.Kernels;
using TransformerClinic.Kernels.Attention;
using TransformerClinic.Kernels.Products;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// A whole attention branch as one function for autograd: the projections of queries, keys and values,
/// <see cref="FusedAttention"/>, and the output projection. For small models, whose products take no longer than the
/// bookkeeping of as many operators.
/// </summary>
internal sealed class AttentionBranchFunction : autograd.SingleTensorFunction<AttentionBranchFunction>
{
    private const string ArgumentsName = "arguments";
    private const string HasSequenceName = "has sequence";

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
        var (asking, asked) = (x.contiguous(), sequence?.contiguous());
        var arguments = new Arguments(input, output, attention.Contiguous(), handover);
        var result = is_grad_enabled()
            ? apply(asking, asked!, input.Weight, input.Bias, output.Weight, output.Bias, arguments)
            : Compute(asking, asked, arguments).Output;
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, sequence, arguments) = ((Tensor)vars[0], (Tensor?)vars[1], (Arguments)vars[6]);
        var (output, kept) = Compute(x, sequence, arguments);
        List<Tensor> saved = [x, kept];
        if (sequence is not null)
        {
            saved.Add(sequence);
        }

        if (arguments.Attention.Mask is not null)
        {
            saved.Add(arguments.Attention.Mask);
        }

        ctx.save_for_backward(saved);
        ctx.save_data(ArgumentsName, arguments);
        ctx.save_data(HasSequenceName, sequence is not null);
        return output;
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var given = grad_output;
        var saved = ctx.get_saved_variables();
        var arguments = (Arguments)ctx.get_data(ArgumentsName);
        var (x, kept) = (saved[0], saved[1]);
        var sequence = (bool)ctx.get_data(HasSequenceName) ? saved[2] : null;
        var attention = arguments.Attention;
        attention = attention with { Mask = attention.Mask is null ? null : saved[^1] };
        var (input, output) = (arguments.Input, arguments.Output);
        var (toWeight, toBias) = (new ParameterGradient(input.Weight), new ParameterGradient(input.Bias));
        var (toOutWeight, toOutBias) = (new ParameterGradient(output.Weight), new ParameterGradient(output.Bias));
        var shape = attention.Shape(x, sequence);
        var places = new Places(shape, sequence is null);
        var gradient = grad_output.contiguous();
        using var changes = empty(places.Weights); // of the projections and the heads
        var (toX, toSequence) = (empty_like(x), sequence is null ? null : empty_like(sequence));
        var from = Address(kept);
        var to = Address(changes);
        var g = Address(gradient);

        output.Kernel.ToParameters(from + places.Heads, g, places.Queries, toOutWeight.Start, toOutBias.Start);
        output.Kernel.ToInput(g, places.Queries, to + places.Heads);
        var (q, k, v) = places.Rows(from);
        var (toQ, toK, toV) = places.Rows(to);
        attention
            .Kernel(shape)
            .Backward<float, Float32>(
                q,
                k,
                v,
                from + places.Weights,
                new HeadRows<float>(to + places.Heads, shape.Dim),
                toQ,
                toK,
                toV
            );
        GoBack(arguments, places, x, sequence, to, toWeight.Start, toBias.Start, toX, toSequence);
        return arguments.Handover.Hand(
            toX,
            toSequence,
            toWeight.Handed,
            toBias.Handed,
            toOutWeight.Handed,
            toOutBias.Handed,
            null
        );
    }

    /// <summary>Through the projections of queries, keys and values.</summary>
    private static unsafe void GoBack(
        Arguments arguments,
        Places places,
        Tensor x,
        Tensor? sequence,
        float* gradient,
        float* toWeight,
        float* toBias,
        Tensor toX,
        Tensor? toSequence
    )
    {
        var (input, dim) = (arguments.Input, arguments.Input.Inputs);
        var ofQueries = input.KernelOf(0, sequence is null ? 3 * dim : dim);
        ofQueries.ToParameters(Address(x), gradient, places.Queries, toWeight, toBias);
        ofQueries.ToInput(gradient, places.Queries, Address(toX));
        if (sequence is null)
        {
            return;
        }

        var ofKeys = input.KernelOf(dim, 3 * dim);
        var fromKeys = gradient + places.Keys;
        ofKeys.ToParameters(Address(sequence), fromKeys, places.Asked, toWeight + ((long)dim * dim), toBias + dim);
        ofKeys.ToInput(fromKeys, places.Asked, Address(toSequence!));
    }

    private static unsafe (Tensor Output, Tensor Kept) Compute(Tensor x, Tensor? sequence, Arguments arguments)
    {
        var shape = arguments.Attention.Shape(x, sequence);
        var places = new Places(shape, sequence is null);
        var (output, kept) = (empty_like(x), empty(places.Weights + shape.Weights));
        var (input, dim) = (arguments.Input, shape.Dim);
        var to = Address(kept);
        if (sequence is null)
        {
            input.Kernel.Forward(Address(x), places.Queries, to);
        }
        else
        {
            input.KernelOf(0, dim).Forward(Address(x), places.Queries, to);
            input.KernelOf(dim, 3 * dim).Forward(Address(sequence), places.Asked, to + places.Keys);
        }

        var (q, k, v) = places.Rows(to);
        var heads = new HeadRows<float>(to + places.Heads, dim);
        arguments.Attention.Kernel(shape).Forward<float, Float32>(q, k, v, heads, to + places.Weights);
        arguments.Output.Kernel.Forward(to + places.Heads, places.Queries, Address(output));
        return (output, kept);
    }

    private static unsafe float* Address(Tensor tensor) => TensorMemory.Of<float>(tensor);

    private sealed record Arguments(Linear Input, Linear Output, AttentionCall Attention, GradientHandover Handover);

    /// <summary>Where what is kept for the backward pass is in one piece of memory.</summary>
    private readonly struct Places(AttentionShape shape, bool toSelf)
    {
        /// <summary>Rows that ask.</summary>
        public int Queries => shape.Batch * shape.Queries;

        /// <summary>Rows that are asked.</summary>
        public int Asked => shape.Batch * shape.Keys;

        /// <summary>Keys and values of what is asked, if it is something else; before them are the queries.</summary>
        public long Keys => (long)Queries * shape.Dim;

        /// <summary>What the heads found.</summary>
        public long Heads => toSelf ? 3L * Queries * shape.Dim : Keys + (2L * Asked * shape.Dim);

        /// <summary>The attention weights.</summary>
        public long Weights => Heads + ((long)Queries * shape.Dim);

        /// <summary>The rows of queries, keys and values.</summary>
        public unsafe (HeadRows<float> Queries, HeadRows<float> Keys, HeadRows<float> Values) Rows(float* start)
        {
            var keys = start + (toSelf ? shape.Dim : Keys);
            var (ofQueries, ofKeys) = toSelf ? (3 * shape.Dim, 3 * shape.Dim) : (shape.Dim, 2 * shape.Dim);
            return (new(start, ofQueries), new(keys, ofKeys), new(keys + shape.Dim, ofKeys));
        }
    }
}
