namespace TransformerClinic.Residuals;

/// <summary>What profiling found at one residual connection, and the omega it set there.</summary>
/// <param name="Chain">The stack, such as <c>encoder</c>.</param>
/// <param name="Index">Number of the sublayer in the stack, from 1, in forward order.</param>
/// <param name="Path">The connection's path among the model's modules.</param>
/// <param name="Omega">The value that every channel of omega starts from.</param>
/// <param name="ShortcutVariance"><c>Var[x * omega]</c>, with the omega of the profiling pass</param>
/// <param name="BranchVariance"><c>Var[f(x)]</c>, after dropout</param>
/// <param name="Why">Where omega comes from, in words.</param>
public sealed record ProfiledConnection(
    string Chain,
    int Index,
    string Path,
    double Omega,
    double ShortcutVariance,
    double BranchVariance,
    string Why
);
