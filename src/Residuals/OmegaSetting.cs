namespace TransformerClinic.Residuals;

/// <summary>The value that an omega was given before training, and where it comes from.</summary>
/// <param name="Omega">The value of every channel.</param>
/// <param name="Why">The rule and its numbers, in words.</param>
public sealed record OmegaSetting(double Omega, string Why);
