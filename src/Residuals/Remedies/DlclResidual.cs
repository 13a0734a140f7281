using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// The layer l + 1 reads <c>sum_{k &lt;= l} w_lk h_k</c>, <c>h_0 = x_0</c> the stack's input and <c>h_k = LN(y_k)</c>
/// of the output of the layer k; its sublayers are <c>x + f(LN(x))</c>. The end of the stack reads once more, and is
/// normalized: the dynamic linear combination of layers of Wang et al. 2019, "DLCL", on Pre-LN.
/// </summary>
/// <remarks>
/// On Post-LN sublayers are <c>LN(x + f(x))</c>, <c>h_k = y_k</c>, and the sum is normalized from the second layer on.
/// The weights <c>w_l</c>, trained, start as the mean, <c>1 / (l + 1)</c>; so the first layer reads <c>w_00 x_0</c>, as
/// in the authors' code. They are those of the layers, not of the sublayers. In the layer l + 1 the state is
/// <c>[x, h_0, .., h_l]</c>, <c>[..., (l + 2) dim]</c>, so time and memory between sublayers grow with depth. Stacks
/// other than encoder and decoder are our extension.
/// </remarks>
public sealed class DlclResidual : ResidualConnection
{
    private const string StartName = "start";
    private const string WeightsName = "weights";

    /// <summary>The connection of a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="postNorm">Whether its sublayers are of Post-LN.</param>
    public DlclResidual(ResidualPlace place, bool postNorm = false)
        : base(nameof(DlclResidual), Width(place))
    {
        var norm = Registered("norm", place);
        if (place.Index == 0)
        {
            Register(StartName, 1, place);
        }

        if (place.IsLastOfLayer)
        {
            Register(WeightsName, place.Layer + 2, place);
        }

        Form = new ResidualForm
        {
            Before = postNorm ? null : norm,
            After = postNorm ? norm : null,
            History = new LayerHistory
            {
                Start = place.Index == 0 ? ResidualScale.Of(() => get_parameter(StartName)!, StartName) : null,
                Stored = place.IsLastOfLayer && !postNorm ? Registered("stored", place) : null,
                Weights = place.IsLastOfLayer ? ResidualScale.Of(() => get_parameter(WeightsName)!, WeightsName) : null,
                Mixed = place.IsLastOfLayer && postNorm ? Registered("mixed", place) : null,
            },
            OnePass = false,
        };
    }

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => Form!.After is null;

    /// <inheritdoc/>
    public override Tensor BeginStack(Tensor x)
    {
        using var scope = NewDisposeScope();
        return cat([Form!.History!.Start!.Times(x), x], -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor EndStack(Tensor state) => StreamOf(state).contiguous();

    /// <inheritdoc/>
    public override Tensor BranchInput(Tensor x) => Form!.BranchInput(StreamOf(x));

    /// <inheritdoc/>
    internal override Tensor WithoutBranch(Tensor shortcut, Tensor output)
    {
        using var scope = NewDisposeScope();
        return After(StreamOf(shortcut), HistoryOf(shortcut)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor shortcut, Tensor branch)
    {
        using var scope = NewDisposeScope();
        return After(Form!.Compute(StreamOf(shortcut), branch), HistoryOf(shortcut)).MoveToOuterDisposeScope();
    }

    /// <summary>The state after the sublayer whose output is y.</summary>
    private Tensor After(Tensor y, Tensor history)
    {
        if (Form!.History is not { Weights: { } weights } its)
        {
            return cat([y, history], -1);
        }

        var all = cat([history, its.Stored is null ? y : its.Stored.Apply(y)], -1);
        var rows = all.view([.. all.shape[..^1], all.size(-1) / Dim, Dim]);
        var sum = rows.mul(weights.Tensor!.unsqueeze(-1)).sum(-2);
        return cat([its.Mixed is null ? sum : its.Mixed.Apply(sum), all], -1);
    }

    private Tensor HistoryOf(Tensor state)
    {
        var (kept, expected) = ((state.size(-1) / Dim) - 1, Form!.History!.Weights?.Tensor!.size(0) - 1);
        return kept > 0 && (expected is null || kept == expected)
            ? state.narrow(-1, Dim, kept * Dim)
            : throw new ArgumentException(
                $"The state has {state.size(-1)} channels, the outputs of {kept} layers next to the stream"
                    + (expected is null ? "" : $" instead of {expected}")
                    + $": {nameof(BeginStack)} makes it of the stack's input, and each layer's last connection adds "
                    + "one.",
                nameof(state)
            );
    }

    private ScaledNorm Registered(string name, ResidualPlace place)
    {
        var norm = place.CreateNorm();
        register_module(name, norm);
        return new ScaledNorm(norm);
    }

    /// <summary>Equal weights of the sum 1.</summary>
    private void Register(string name, long count, ResidualPlace place)
    {
        using Scalar mean = 1.0 / count;
        var weights = new Parameter(full(count, mean, place.Dtype, place.Device));
        weights.DetachFromDisposeScope();
        register_parameter(name, weights);
    }
}
