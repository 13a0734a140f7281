using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// All sublayers of a stack in one pass, one after the other, in the processor's memory, float32: rows <c>[dim]</c> in,
/// as many out. What a sublayer keeps has its output behind it, which is the next one's input; the last one's is the
/// stack's.
/// </summary>
/// <param name="sublayers">The sublayers in forward order.</param>
/// <param name="handover">Keeps the gradients while libtorch takes them.</param>
internal sealed unsafe class StackPass(IReadOnlyList<SublayerPass> sublayers, GradientHandover handover)
{
    /// <summary>Keeps the gradients while libtorch takes them.</summary>
    public GradientHandover Handover => handover;

    /// <summary>
    /// Whether the backward pass fills the gradients of the parameters instead of adding to them, whatever is there.
    /// </summary>
    public bool FillsGradients { get; set; }

    /// <summary>The stack's output from its input.</summary>
    /// <param name="x">The input, <c>[batch, length, dim]</c>.</param>
    /// <param name="memory">The encoder's output, for a stack that reads it.</param>
    /// <param name="keeps">Whether the backward pass follows.</param>
    /// <returns>The output, and for each sublayer what it keeps.</returns>
    public (Tensor Output, Tensor[] Kept) Forward(Tensor x, Tensor? memory, bool keeps)
    {
        var output = empty_like(x);
        var rows = x.numel();
        var kept = keeps ? [.. sublayers.Select(sublayer => empty(sublayer.Kept + rows))] : InTurns(rows);
        var from = Address(x);
        foreach (var (i, sublayer) in sublayers.Index())
        {
            var to = Address(kept[i]);
            var y = i == sublayers.Count - 1 ? Address(output) : to + sublayer.Kept;
            sublayer.Forward(from, Address(memory), to, y);
            from = y;
        }

        return (output, kept);
    }

    /// <summary>
    /// The gradients of input and memory from that of the output; adds to those of the parameters, or fills them.
    /// </summary>
    /// <param name="x">The input.</param>
    /// <param name="memory">The encoder's output, for a stack that reads it.</param>
    /// <param name="kept">For each sublayer what it has kept.</param>
    /// <param name="gradient">The gradient of the output.</param>
    public (Tensor ToX, Tensor? ToMemory) Backward(
        Tensor x,
        Tensor? memory,
        IReadOnlyList<Tensor> kept,
        Tensor gradient
    )
    {
        var rows = x.numel();
        var (toX, toMemory) = (gradient.contiguous().clone(), memory is null ? null : zeros_like(memory));
        var memoryLength = checked((int)(memory?.numel() ?? 0));
        using var work = new ScratchMemory<float>(sublayers.Max(sublayer => sublayer.Work) + memoryLength);
        var some = work.Start + work.Length - memoryLength;
        for (var i = sublayers.Count - 1; i >= 0; i--)
        {
            var from = i == 0 ? Address(x) : Address(kept[i - 1]) + sublayers[i - 1].Kept;
            sublayers[i]
                .Backward(
                    from,
                    Address(memory),
                    Address(kept[i]),
                    Address(toX),
                    work.Start,
                    some,
                    adds: !FillsGradients
                );
            if (sublayers[i].ReadsMemory)
            {
                ElementwiseRow.Add(Address(toMemory), some, memoryLength);
            }
        }

        return (toX, toMemory);
    }

    /// <summary>Without a backward pass a sublayer needs only what the one before it has left.</summary>
    private Tensor[] InTurns(long rows)
    {
        var longest = sublayers.Max(sublayer => sublayer.Kept) + rows;
        var (even, odd) = (empty(longest), empty(longest));
        return [.. Enumerable.Range(0, sublayers.Count).Select(i => i % 2 == 0 ? even : odd)];
    }

    private static float* Address(Tensor? tensor) => TensorMemory.Of<float>(tensor);
}
