using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>Makes the residual connections of a stack, layer after layer.</summary>
/// <param name="dim">Width of the residual stream.</param>
/// <param name="stack">The stack.</param>
/// <param name="options">Which connections.</param>
/// <param name="device">Where their parameters are; torch's default device if null.</param>
/// <param name="dtype">Their type; torch's default type if null.</param>
internal sealed class ResidualFactory(
    long dim,
    StackShape stack,
    ResidualOptions options,
    Device? device = null,
    ScalarType? dtype = null
)
{
    private readonly Func<ResidualPlace, ResidualConnection> _create = Creator(options);
    private int _made;
    private int _layers;

    /// <summary>The connections of the next layer, in forward order.</summary>
    /// <param name="sublayers">How many.</param>
    /// <exception cref="InvalidOperationException">
    /// The variant is not a known one, or it made a connection of another width.
    /// </exception>
    public IReadOnlyList<ResidualConnection> NextLayer(int sublayers)
    {
        var layer = new List<ResidualConnection>();
        for (var i = 0; i < sublayers; i++)
        {
            var place = new ResidualPlace(dim, stack, _made, _layers, layer.FirstOrDefault(), device, dtype)
            {
                Sublayer = i,
                SublayersOfLayer = sublayers,
                Norm = options.Norm,
            };
            var connection = Checked(_create(place));
            if (options.BranchSchedule != BranchSchedule.None)
            {
                connection.ScheduleBranch(device, dtype);
            }

            layer.Add(connection);
            _made++;
        }

        _layers++;
        return layer;
    }

    /// <summary>What is asked of the branch at a connection of the layer that was made last.</summary>
    public BranchDesign BranchOf(ResidualConnection connection) =>
        new(
            InitialWeightsOf.Of(options.Initialization, stack, _layers - 1, connection),
            connection.Form?.BranchNorm ?? BranchNorm.None,
            options.Norm
        );

    private ResidualConnection Checked(ResidualConnection made) =>
        made.Dim == dim
            ? made
            : throw new InvalidOperationException(
                $"{options.Design} made a connection of the width {made.Dim} for a stream of the width {dim}."
            );

    /// <summary>What makes the connections of a variant.</summary>
    internal static Func<ResidualPlace, ResidualConnection> Creator(ResidualOptions options) =>
        options.Design?.Create ?? Named(options);

    private static Func<ResidualPlace, ResidualConnection> Named(ResidualOptions options) =>
        options.Variant switch
        {
            ResidualVariant.PostLn => place => new PostLnResidual(
                place.Dim,
                place.CreateNorm(),
                place.Device,
                place.Dtype
            ),
            ResidualVariant.PreLn => place => new PreLnResidual(
                place.Dim,
                place.CreateNorm(),
                place.Device,
                place.Dtype
            ),
            ResidualVariant.Admin => place => new AdminResidual(
                place.Dim,
                frozen: place.Index == 0 && options.FirstOmega == FirstOmega.Frozen,
                place.CreateNorm(),
                place.Device,
                place.Dtype
            ),
            ResidualVariant.AdminFormula => place => new AdminFormulaResidual(
                place.Dim,
                place.CreateNorm(),
                place.Device,
                place.Dtype
            ),
            ResidualVariant.AdminAnalytic => place => new AdminAnalyticResidual(
                place.Dim,
                place.Stack.Residuals,
                options.Analytic,
                place.CreateNorm(),
                place.Device,
                place.Dtype,
                options.Analytic.InnerNorm ? place.CreateNorm() : null
            ),
            ResidualVariant.DeepNorm => place => new DeepNormResidual(
                place.Dim,
                place.Stack,
                place.CreateNorm(),
                place.Device,
                place.Dtype
            ),
            ResidualVariant.Rezero => place => new RezeroResidual(
                place.Dim,
                (RezeroResidual?)place.FirstOfLayer,
                place.Device,
                place.Dtype
            ),
            ResidualVariant.RezeroPostLn => place => new RezeroPostLnResidual(
                place.Dim,
                (RezeroPostLnResidual?)place.FirstOfLayer,
                place.CreateNorm(),
                place.Device,
                place.Dtype
            ),
            ResidualVariant.LookLinear => place => new LookLinearResidual(
                place.Dim,
                place.CreateNorm(),
                place.Device,
                place.Dtype
            ),
            ResidualVariant.Keel => place => new KeelResidual(place),
            ResidualVariant.B2t => place => new B2tResidual(place),
            ResidualVariant.Residual => place => new DualResidual(place),
            ResidualVariant.LayerNormScaling => place => new LayerNormScalingResidual(place),
            ResidualVariant.MixLn => place => new MixLnResidual(place),
            ResidualVariant.PeriLn => place => new PeriLnResidual(place),
            ResidualVariant.SandwichLn => place => new SandwichLnResidual(place),
            ResidualVariant.OutputNorm => place => new OutputNormResidual(place),
            ResidualVariant.LayerScale => place => new LayerScaleResidual(place),
            ResidualVariant.SkipInit => place => new SkipInitResidual(place),
            ResidualVariant.TFixup => place => new TFixupResidual(place),
            ResidualVariant.DepthMup => place => new DepthScaledResidual(place, exponent: 0.5),
            ResidualVariant.CompleteP => place => new DepthScaledResidual(place, exponent: 1),
            ResidualVariant.SpanNorm => place => new SpanNormResidual(place),
            ResidualVariant.SiameseNorm => place => new SiameseNormResidual(place),
            ResidualVariant.SubLn => place => new SubLnResidual(place),
            ResidualVariant.HybridNorm => place => new HybridNormResidual(place),
            ResidualVariant.Dlcl => place => new DlclResidual(place),
            ResidualVariant.DlclPostLn => place => new DlclResidual(place, postNorm: true),
            ResidualVariant.HyperConnections => place => new HyperConnectionResidual(place),
            ResidualVariant.Mhc => place => new HyperConnectionResidual(place, constrained: true),
            ResidualVariant.HybridNormStar => place => new HybridNormResidual(place, firstIsPreNorm: true),
            _ => throw new InvalidOperationException($"The residual variant {options.Variant} is not known."),
        };
}
