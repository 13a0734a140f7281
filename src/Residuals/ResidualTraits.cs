using TransformerClinic.Residuals.Remedies;

namespace TransformerClinic.Residuals;

/// <summary>What is to be known of a variant as a whole, read off a connection of it.</summary>
/// <param name="HandsOnSum">
/// Whether the sum of shortcut and branch is handed on as it is, as with Pre-LN; otherwise it is normalized first.
/// </param>
/// <param name="HasOmega">Whether its shortcut's scale is an omega: the variant is Admin, in one of its forms.</param>
/// <param name="IsProfiled">Whether a profiling pass sets its scale before training.</param>
/// <param name="IsScaledForDepth">Whether its scale is chosen for the depth of its stack.</param>
/// <param name="IsPostLn">Whether its equation is that of Post-LN.</param>
/// <param name="IsPlain">Whether it is Post-LN in the initial weights of its branches, too.</param>
internal sealed record ResidualTraits(
    bool HandsOnSum,
    bool HasOmega,
    bool IsProfiled,
    bool IsScaledForDepth,
    bool IsPostLn,
    bool IsPlain
)
{
    private const int AnyDim = 64;

    /// <summary>The traits of a connection.</summary>
    public static ResidualTraits Of(ResidualConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var form = connection.Form;
        return new ResidualTraits(
            form is { After: null },
            form?.Shortcut.Name == ResidualScale.Omega,
            connection.IsProfiled,
            connection.IsScaledForDepth,
            form is { IsPostLn: true },
            form is { IsPostLn: true } && connection.BranchInitialization == BranchInitialization.Standard
        );
    }

    /// <summary>
    /// The traits of a stack's variant: those of its last connection, for some variants begin otherwise.
    /// </summary>
    public static ResidualTraits Of(ResidualOptions options, StackShape stack)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(stack);
        using var connection = Last(options, stack);
        return Of(connection);
    }

    /// <summary>What the embedding that a stack reads is multiplied by once it is drawn.</summary>
    public static double EmbeddingGain(ResidualOptions options, StackShape stack)
    {
        using var connection = Last(options, stack);
        return InitialWeightsOf.Of(options.Initialization, stack, layer: 0, connection).EmbeddingGain;
    }

    private static ResidualConnection Last(ResidualOptions options, StackShape stack) =>
        ResidualFactory.Creator(options)(
            new ResidualPlace(AnyDim, stack, stack.Residuals - 1, stack.Layers - 1, FirstOfLayer: null)
            {
                Norm = options.Norm,
            }
        );
}
