using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;
using LayerNorm = TorchSharp.Modules.LayerNorm;

namespace TransformerClinic.Folding;

/// <summary>
/// Turns a model whose connections are <c>LN(x * s + f(x) * b)</c> into a plain Post-LN model, <c>LN(x + f(x))</c>,
/// that computes the same function (Liu et al. 2020 fold Admin's omega; here every connection of that
/// <see cref="ResidualForm"/>).
/// </summary>
/// <remarks>
/// For the connection i of a stack, with shortcut scale <c>s_i [dim]</c> and branch scale <c>b_i</c>:
/// <list type="bullet">
/// <item>
/// the layer normalization before it now makes <c>x * s_i</c>: <c>gain_{i-1} * s_i</c>, <c>bias_{i-1} * s_i</c>;
/// </item>
/// <item>the branch undoes that as it reads: the columns of its input weights are divided by <c>s_i</c> (feed-forward:
/// W_1; self-attention: Q, K and V; attention to the source: only Q, because K and V read the encoder's output, which
/// stays);</item>
/// <item>it writes <c>b_i</c> times as much: the rows of its output weights and its bias are multiplied.</item>
/// </list>
/// A constant factor of the normalization goes into its gain and bias. No normalization comes before the first
/// connection of a stack. Unless its scale is 1, the folded stack gets an input scale: the token embeddings cannot take
/// it, since encoder, decoder and output projection may share them, and the table of positions, which is added to them,
/// is fixed. Nothing follows the last normalization of a stack, so it stays as it is. Dropout acts on f's output, after
/// W_2 and W_O, so the two models are equal with dropout on as well. Word vectors of a fixed length
/// (<see cref="ModelOptions.FixNorm"/>) are stored with it.
/// </remarks>
internal static class ResidualFolding
{
    /// <summary>Folds a model; the model itself stays as it is.</summary>
    /// <returns>A new model on the same device, in float64, and what was folded.</returns>
    /// <exception cref="UserErrorException">
    /// The model is plain Post-LN already, or a sublayer of it cannot be folded.
    /// </exception>
    public static FoldedModel Fold(Transformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (encoder, decoder) = (
            FoldableSublayer.Of(model, StackName.Encoder),
            FoldableSublayer.Of(model, StackName.Decoder)
        );
        Refuse(model.Options, encoder, decoder);
        var folded = WeightCopy.WithOptions(
            model,
            model.Options with
            {
                Encoder = Plain(model.Options.Encoder, encoder[0]),
                Decoder = Plain(model.Options.Decoder, decoder[0]),
                FixNorm = false,
            },
            ScalarType.Float64
        );
        using var noGradient = no_grad();
        Fold(encoder, FoldableSublayer.Of(folded, StackName.Encoder), folded.Encoder.InputScale);
        Fold(decoder, FoldableSublayer.Of(folded, StackName.Decoder), folded.Decoder.InputScale);
        return new FoldedModel(
            folded,
            [
                Describe(StackName.Encoder, model.Options.Encoder, encoder),
                Describe(StackName.Decoder, model.Options.Decoder, decoder),
            ]
        );
    }

    private static void Refuse(
        ModelOptions options,
        IReadOnlyList<FoldableSublayer> encoder,
        IReadOnlyList<FoldableSublayer> decoder
    )
    {
        var arePlain = encoder.Concat(decoder).All(sublayer => sublayer.Connection.Form is { IsPostLn: true });
        if (arePlain && options is { FixNorm: false, Encoder.Traits.IsPlain: true, Decoder.Traits.IsPlain: true })
        {
            throw new UserErrorException(
                "The model is plain Post-LN already, in both stacks: there is nothing to fold."
            );
        }

        string[] obstacles =
        [
            .. new[] { FoldingObstacle.FirstOf(encoder), FoldingObstacle.FirstOf(decoder) }.OfType<string>(),
        ];
        if (obstacles.Length > 0)
        {
            throw new UserErrorException(
                $"The model cannot be folded into a plain Post-LN model. {string.Join(' ', obstacles)}"
            );
        }
    }

    private static StackOptions Plain(StackOptions stack, FoldableSublayer first) =>
        stack.AsPostLn(stack.InputScale || WhereFirstGoes(first) == FirstScale.InputScale);

    private static FirstScale WhereFirstGoes(FoldableSublayer first) =>
        first.ShortcutScale().All(scale => scale == 1) ? FirstScale.One : FirstScale.InputScale;

    private static void Fold(
        IReadOnlyList<FoldableSublayer> scaled,
        IReadOnlyList<FoldableSublayer> plain,
        Tensor? inputScale
    )
    {
        for (var i = 0; i < scaled.Count; i++)
        {
            using var scope = NewDisposeScope();
            var shortcutScale = tensor(scaled[i].ShortcutScale(), device: plain[i].Input.Weight.device);
            var branchScale = tensor(scaled[i].BranchScale(), device: plain[i].Output.Weight.device);
            Copy(scaled[i].Form.After!, plain[i].Norm);
            if (i == 0)
            {
                inputScale?.mul_(shortcutScale);
            }
            else
            {
                plain[i - 1].Norm.weight!.mul_(shortcutScale);
                plain[i - 1].Norm.bias!.mul_(shortcutScale);
            }

            plain[i].Input.Weight.narrow(0, 0, plain[i].InputRows).div_(shortcutScale);
            plain[i].Output.Weight.mul_(branchScale.unsqueeze(1));
            plain[i].Output.Bias.mul_(branchScale);
        }
    }

    /// <summary>Gain and bias, wherever the connection has registered them.</summary>
    private static void Copy(ScaledNorm from, LayerNorm to)
    {
        using Scalar factor = from.Factor;
        var norm = (LayerNorm)from.Module;
        to.weight!.copy_(norm.weight!).mul_(factor);
        to.bias!.copy_(norm.bias!).mul_(factor);
    }

    private static StackFolding Describe(
        StackName stack,
        StackOptions options,
        IReadOnlyList<FoldableSublayer> sublayers
    )
    {
        double[] shortcut = [.. sublayers.SelectMany(sublayer => sublayer.ShortcutScale()).Select(Math.Abs)];
        double[] branch = [.. sublayers.SelectMany(sublayer => sublayer.BranchScale()).Select(Math.Abs)];
        return new StackFolding(
            stack,
            options.Variant,
            sublayers.Count,
            shortcut.Min(),
            shortcut.Max(),
            branch.Min(),
            branch.Max(),
            WhereFirstGoes(sublayers[0])
        )
        {
            Design = options.Design?.Name,
        };
    }
}

/// <summary>A model after folding.</summary>
/// <param name="Model">The plain Post-LN model, in float64. Owned by the receiver.</param>
/// <param name="Stacks">What was folded, encoder first.</param>
internal sealed record FoldedModel(Transformer Model, IReadOnlyList<StackFolding> Stacks);
