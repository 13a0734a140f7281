using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// n streams <c>H [n, dim]</c> in place of x, which all begin as the stack's input and are added up at its end. By
/// <c>A = s * tanh(norm(H) W) + S</c>, <c>[n, n + 2]</c>, the branch reads <c>r^T H</c> and the streams become <c>M^T H
/// + w (b * f)^T</c>; r is A's first column, M the next n, w the last.
/// </summary>
/// <remarks>
/// Where the mix <see cref="IsDoublyStochastic"/>, each weight depends on all streams: <c>A = s * norm(vec(H)) W +
/// S</c>, <c>vec(H) [n dim]</c>. Then r is <c>sigmoid + eps</c> and w <c>2 sigmoid</c> of its column, and M is what 20
/// rounds of Sinkhorn and Knopp make of <c>exp(M)</c>, its rows first, eps 1e-6 added to each of the first round's
/// shares and to each sum after them.
/// </remarks>
/// <param name="Count">n.</param>
/// <param name="Norm">
/// The normalization of each stream, or of all of them together where the mix <see cref="IsDoublyStochastic"/>.
/// </param>
public sealed record StreamMix(int Count, ScaledNorm Norm)
{
    /// <summary>Rounds that make a mix doubly stochastic.</summary>
    internal const int Rounds = 20;

    /// <summary>What is added to weights and sums, where a mix is made doubly stochastic.</summary>
    internal const double Epsilon = 1e-6;

    private static readonly Scalar Little = Epsilon;

    /// <summary>Looks up S, <c>[n, n + 2]</c>.</summary>
    public required Func<Tensor> Static { get; init; }

    /// <summary>
    /// Looks up W, <c>[dim, n + 2]</c>, or <c>[n dim, n (n + 2)]</c>, a stream's columns next to each other, where the
    /// mix <see cref="IsDoublyStochastic"/>.
    /// </summary>
    public required Func<Tensor> Dynamic { get; init; }

    /// <summary>
    /// Looks up s: one number for r and M and one for w, or one for each where the mix <see
    /// cref="IsDoublyStochastic"/>.
    /// </summary>
    public required Func<Tensor> Scale { get; init; }

    /// <summary>Whether rows and columns of M have the sum 1, and r and w are positive.</summary>
    public bool IsDoublyStochastic { get; init; }

    /// <summary>s for each of A's columns, <c>[n + 2]</c>.</summary>
    internal Tensor ColumnScales()
    {
        var scale = Scale();
        long[] columns = IsDoublyStochastic ? [1, Count, 1] : [Count + 1, 1];
        return cat([.. columns.Select((count, i) => scale.narrow(0, i, 1).expand(count))], 0);
    }

    /// <summary>The streams <c>[..., n, dim]</c> of a state <c>[..., n dim]</c>.</summary>
    internal Tensor Of(Tensor state) => state.reshape([.. state.shape[..^1], Count, state.size(-1) / Count]);

    /// <summary>The state of a stack's input.</summary>
    internal Tensor Begin(Tensor x) => cat([.. Enumerable.Repeat(x, Count)], -1);

    /// <summary>The sum of a state's streams.</summary>
    internal Tensor SumOf(Tensor state) => Of(state).sum(-2);

    /// <summary><c>r^T H</c></summary>
    internal Tensor Read(Tensor streams)
    {
        var read = Columns(streams, 0, 1);
        return (IsDoublyStochastic ? read.sigmoid().add(Little, HeldConstants.One) : read).mul(streams).sum(-2);
    }

    /// <summary><c>M^T</c>, <c>[..., n, n]</c>, and w, <c>[..., n, 1]</c>.</summary>
    internal (Tensor Mix, Tensor Write) Weights(Tensor streams)
    {
        var columns = Columns(streams, 1, Count + 1);
        var (mix, write) = (columns.narrow(-1, 0, Count), columns.narrow(-1, Count, 1));
        return IsDoublyStochastic
            ? (DoublyStochastic(mix).transpose(-1, -2), write.sigmoid().mul(HeldConstants.Two))
            : (mix.transpose(-1, -2), write);
    }

    private Tensor Columns(Tensor streams, long first, long count) =>
        (IsDoublyStochastic ? OfAll(streams, first, count) : OfEach(streams, first, count))
            .mul(ColumnScales().narrow(0, first, count))
            .add(Static().narrow(1, first, count), HeldConstants.One);

    private Tensor OfEach(Tensor streams, long first, long count) =>
        Norm.Apply(streams).matmul(Dynamic().narrow(1, first, count)).tanh();

    private Tensor OfAll(Tensor streams, long first, long count)
    {
        var columns = Dynamic().view(-1, Count, Count + 2).narrow(2, first, count).reshape(-1, Count * count);
        return Norm.Apply(streams.flatten(-2)).matmul(columns).reshape([.. streams.shape[..^1], count]);
    }

    /// <summary>
    /// Positions are in the last dimension meanwhile: sums of four numbers next to each other would be slow.
    /// </summary>
    private Tensor DoublyStochastic(Tensor mix)
    {
        var turned = mix.reshape(-1, Count, Count).permute(1, 2, 0).contiguous();
        var positive = Shares(turned.softmax(1).add(Little, HeldConstants.One), 0);
        for (var round = 1; round < Rounds; round++)
        {
            positive = Shares(Shares(positive, 1), 0);
        }

        return positive.permute(2, 0, 1).reshape(mix.shape);
    }

    private static Tensor Shares(Tensor positive, long dimension) =>
        positive.div(positive.sum(dimension, keepdim: true).add(Little, HeldConstants.One));
}
