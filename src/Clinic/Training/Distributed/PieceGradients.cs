using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Distributed;

/// <summary>
/// The gradients of the neighboring pieces that the workers of a process compute, a round of one piece a worker at a
/// time, added up after each round as far as the tree allows: of n rounds at most about <c>log2 n</c> sums wait next to
/// the workers' own gradients.
/// </summary>
/// <param name="own">The gradient that each worker's backward pass adds to; not owned.</param>
/// <param name="outsideOfLayers">The stretches of it that are of no sublayer's parameters.</param>
internal sealed class PieceGradients(IReadOnlyList<Tensor> own, IReadOnlyList<Shard> outsideOfLayers) : IDisposable
{
    private readonly Stack<Tensor> _free = [];
    private readonly List<Tensor> _all = [];
    private IReadOnlyList<(PieceNode Node, Tensor Sum)> _sums = [];

    /// <summary>What has been added up so far, in the order of the pieces.</summary>
    public IReadOnlyList<(PieceNode Node, Tensor Sum)> Sums => _sums;

    /// <summary>
    /// The sum of squares of each block of the whole update's gradient (<see cref="BlockNorm"/>), where it was added
    /// up in passing; null where it was not.
    /// </summary>
    public double[]? Squares { get; private set; }

    /// <summary>Begins a new update.</summary>
    public void Begin()
    {
        Squares = null;
        _sums = [];
        _free.Clear();
        _all.ForEach(_free.Push);
    }

    /// <summary>Sets a worker's own gradient to zero, before its backward pass through a piece.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="exceptLayers">Whether the pass fills the gradients of all layers' parameters.</param>
    public void Clear(int worker, bool exceptLayers = false)
    {
        // Some in-place operators return a second wrapper of the tensor.
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (!exceptLayers)
        {
            own[worker].zero_();
            return;
        }

        foreach (var stretch in outsideOfLayers)
        {
            stretch.In(own[worker]).zero_();
        }
    }

    /// <summary>
    /// Takes in the workers' own gradients, which are those of a round. After the last round of a whole update the sum
    /// is in the first worker's.
    /// </summary>
    /// <param name="first">The first worker's piece; the others' follow.</param>
    /// <param name="count">How many pieces there are in the round.</param>
    /// <param name="pieces">All pieces of the update.</param>
    /// <param name="isLast">Whether the workers' own gradients stay as they are: no round follows.</param>
    public void Take(int first, int count, int pieces, bool isLast)
    {
        var waiting = _sums;
        var round = Enumerable.Range(0, count).Select(i => (new PieceNode(first + i, first + i + 1), own[i]));
        (PieceNode Node, Tensor Sum)[] nodes = [.. waiting, .. round];
        var becomesWhole = isLast && nodes.Length > 1 && nodes[0].Node.First == 0 && nodes[^1].Node.End == pieces;
        Squares = becomesWhole && MemoryPass.Reaches(own[0]) ? new double[BlockNorm.Blocks(own[0])] : null;
        var sums = TreeSum.Of(pieces, nodes, isLast ? own[0] : null, Squares);
        foreach (var (_, sum) in waiting.Where(before => !sums.Any(after => ReferenceEquals(after.Sum, before.Sum))))
        {
            _free.Push(sum);
        }

        _sums = isLast ? sums : [.. sums.Select(sum => IsOwn(sum.Sum) ? (sum.Node, Copy(sum.Sum)) : sum)];
    }

    /// <inheritdoc/>
    public void Dispose() => _all.ForEach(tensor => tensor.Dispose());

    // Of tensors, Equals compares the elements.
    private bool IsOwn(Tensor sum) => own.Any(gradient => ReferenceEquals(gradient, sum));

    private Tensor Copy(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (!_free.TryPop(out var copy))
        {
            copy = empty_like(gradient).DetachFromDisposeScope();
            _all.Add(copy);
        }

        copy.copy_(gradient);
        return copy;
    }
}
