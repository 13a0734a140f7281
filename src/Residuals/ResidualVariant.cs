namespace TransformerClinic.Residuals;

/// <summary>How a sublayer's branch, its shortcut and its layer normalisation are put together.</summary>
public enum ResidualVariant
{
    /// <summary><c>x = LN(x + f(x))</c>, the original Transformer.</summary>
    PostLn,

    /// <summary><c>x = x + f(LN(x))</c>, with one more normalisation at the end of the stack.</summary>
    PreLn,

    /// <summary><c>x = LN(x * omega + f(x))</c>, omega a trainable vector set by one profiling pass (Liu et al. 2020, section 4.3).</summary>
    Admin,
}
