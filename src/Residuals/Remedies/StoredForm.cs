namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>y = after(s * x + f(before(x)))</c>: the equation of a connection by the names of its stored parameters, for
/// whoever reads the weights without making the connection. It says what the connection's <see cref="ResidualForm"/>
/// says; variants that it does not include have only that.
/// </summary>
internal sealed record StoredForm
{
    private const string Norm = "norm";

    /// <summary>The normalization that the branch's input goes through; null for none.</summary>
    public string? Before { get; init; }

    /// <summary>The normalization that the sum goes through; null for none.</summary>
    public string? After { get; init; }

    /// <summary>s, where it is a constant.</summary>
    public double Shortcut { get; init; } = 1;

    /// <summary>The parameter that s is, <c>[dim]</c>; null for a constant.</summary>
    public string? ShortcutName { get; init; }

    /// <summary>A connection's equation; null where it takes the connection to know it.</summary>
    /// <param name="options">Which connections the stack has.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="index">The connection's number in it, from 0.</param>
    public static StoredForm? Of(ResidualOptions options, StackShape stack, int index)
    {
        if (options.Design is not null || options.BranchSchedule != BranchSchedule.None)
        {
            return null;
        }

        var postNorm = new StoredForm { After = Norm };
        return options.Variant switch
        {
            ResidualVariant.PostLn or ResidualVariant.LookLinear => postNorm,
            ResidualVariant.PreLn => new StoredForm { Before = Norm },
            ResidualVariant.Admin when index == 0 && options.FirstOmega == FirstOmega.Frozen => postNorm,
            ResidualVariant.Admin or ResidualVariant.AdminFormula => postNorm with
            {
                ShortcutName = ResidualScale.Omega,
            },
            ResidualVariant.DeepNorm => postNorm with { Shortcut = DeepNormResidual.Constants(stack).Alpha },
            _ => null,
        };
    }

    /// <summary>Whether a stack of these connections ends with a normalization.</summary>
    public static bool StackEndsWithNorm(ResidualOptions options) => options.Variant == ResidualVariant.PreLn;
}
