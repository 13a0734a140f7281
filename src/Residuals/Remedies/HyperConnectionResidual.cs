using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// Four streams <c>H [4, dim]</c> in place of one: the branch computes <c>f = f(LN(r^T H))</c>, and the streams become
/// <c>M^T H + w f^T</c>; <c>[r M w] = s * tanh(LN(H) W) + S</c>, W from 0, s from 0.01. The stack's output is the sum
/// of the streams, normalized (Zhu et al. 2024, "hyper-connections", dynamic).
/// </summary>
/// <remarks>
/// S starts such that the sublayer i, from 0, reads the stream i mod 4 and writes to all of them, unmixed. "mHC" (Xie
/// et al. 2025) constrains the weights: M is doubly stochastic by 20 rounds of Sinkhorn and Knopp, r and w are positive
/// by a sigmoid, and each weight depends on all streams (<see cref="StreamMix"/>). Hyper-connections have the
/// parameters of a third-party implementation, lucidrains/hyper-connections, which draws the stream at random where no
/// place is given; mHC has those of NVIDIA/Megatron-LM, but W and S start as for hyper-connections, not from random
/// numbers and 0. The methods are for decoder-only models; encoders and decoders with cross-attention are our
/// extension.
/// </remarks>
public sealed class HyperConnectionResidual : ResidualConnection
{
    internal const int Streams = 4;
    private const double InitialScale = 0.01;
    private const string StaticName = "static";
    private const string DynamicName = "dynamic";
    private const string ScaleName = "scale";

    /// <summary>The connection of a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="constrained">Whether it is of mHC.</param>
    public HyperConnectionResidual(ResidualPlace place, bool constrained = false)
        : base(nameof(HyperConnectionResidual), Width(place))
    {
        var (read, weights) = constrained ? (Streams * place.Dim, Streams * (Streams + 2)) : (place.Dim, Streams + 2);
        var (norm, ofStreams) = (place.CreateNorm(), place.Norm.Create(read, place.Device, place.Dtype));
        register_module("norm", norm);
        register_module("streams", ofStreams);
        using Scalar scale = InitialScale;
        Register(StaticName, InitialWeights(place));
        Register(DynamicName, zeros([read, weights], place.Dtype, place.Device));
        Register(ScaleName, full(constrained ? 3 : 2, scale, place.Dtype, place.Device));
        Form = new ResidualForm
        {
            Before = new ScaledNorm(norm),
            Streams = new StreamMix(Streams, new ScaledNorm(ofStreams))
            {
                Static = () => get_parameter(StaticName)!,
                Dynamic = () => get_parameter(DynamicName)!,
                Scale = () => get_parameter(ScaleName)!,
                IsDoublyStochastic = constrained,
            },
            OnePass = false,
        };
    }

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;

    private StreamMix Mix => Form!.Streams!;

    /// <inheritdoc/>
    public override Tensor BeginStack(Tensor x) => Mix.Begin(x);

    /// <inheritdoc/>
    public override Tensor EndStack(Tensor state)
    {
        using var scope = NewDisposeScope();
        return Mix.SumOf(Checked(state)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor BranchInput(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Form!.BranchInput(Mix.Read(Mix.Of(Checked(x)))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor shortcut, Tensor branch)
    {
        using var scope = NewDisposeScope();
        var streams = Mix.Of(Checked(shortcut));
        var (mix, write) = Mix.Weights(streams);
        var scaled = Form!.Branch.IsOne ? branch : Form.Branch.Times(branch);
        return mix.matmul(streams)
            .addcmul(write, scaled.unsqueeze(-2), HeldConstants.One)
            .reshape(shortcut.shape)
            .MoveToOuterDisposeScope();
    }

    private Tensor Checked(Tensor state) =>
        state.size(-1) == Streams * Dim
            ? state
            : throw new ArgumentException(
                $"The state has {state.size(-1)} channels, not {Streams * Dim}: {nameof(BeginStack)} makes it of the "
                    + $"stack's input, and {nameof(EndStack)} makes the stack's output of it.",
                nameof(state)
            );

    /// <summary>What it reads, the identity, and what it writes to.</summary>
    private static Tensor InitialWeights(ResidualPlace place)
    {
        using var scope = NewDisposeScope();
        var read = zeros([Streams, 1], place.Dtype, place.Device);
        read.narrow(0, place.Index % Streams, 1).fill_(HeldConstants.One);
        var mix = eye(Streams, dtype: place.Dtype, device: place.Device);
        return cat([read, mix, ones([Streams, 1], place.Dtype, place.Device)], 1).MoveToOuterDisposeScope();
    }

    private void Register(string name, Tensor values)
    {
        var parameter = new Parameter(values);
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
    }
}
