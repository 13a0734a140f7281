namespace TransformerClinic.Residuals;

/// <summary>Makes the residual connections of a stack, layer after layer.</summary>
public sealed class ResidualFactory(int dim, StackShape stack, ResidualOptions options)
{
    private int _made;

    /// <summary>The connections of the next layer, in forward order.</summary>
    /// <param name="sublayers">How many.</param>
    /// <exception cref="InvalidOperationException">The variant is not a known one.</exception>
    public IReadOnlyList<ResidualConnection> NextLayer(int sublayers)
    {
        var layer = new List<ResidualConnection>();
        for (var i = 0; i < sublayers; i++)
        {
            layer.Add(Create(layer.FirstOrDefault()));
            _made++;
        }

        return layer;
    }

    private ResidualConnection Create(ResidualConnection? firstOfLayer) =>
        options.Variant switch
        {
            ResidualVariant.PostLn => new PostLnResidual(dim),
            ResidualVariant.PreLn => new PreLnResidual(dim),
            ResidualVariant.Admin => new AdminResidual(
                dim,
                frozen: _made == 0 && options.FirstOmega == FirstOmega.Frozen
            ),
            ResidualVariant.AdminFormula => new AdminFormulaResidual(dim),
            ResidualVariant.AdminAnalytic => new AdminAnalyticResidual(dim, stack.Residuals, options.Analytic),
            ResidualVariant.DeepNorm => new DeepNormResidual(dim, stack),
            ResidualVariant.Rezero => new RezeroResidual(dim, (RezeroResidual?)firstOfLayer),
            ResidualVariant.RezeroPostLn => new RezeroPostLnResidual(dim, (RezeroPostLnResidual?)firstOfLayer),
            ResidualVariant.LookLinear => new LookLinearResidual(dim),
            _ => throw new InvalidOperationException($"The residual variant {options.Variant} is not known."),
        };
}
