using TorchSharp;

namespace TransformerClinic.Residuals;

/// <summary>
/// Constants of tensor expressions, held for as long as the program runs. A scalar made for one call, and <c>x + y</c>
/// makes one, the 1 that y is multiplied by, can be finalized by a collection on another thread while libtorch still
/// reads it.
/// </summary>
internal static class HeldConstants
{
    public static readonly Scalar One = 1;
    public static readonly Scalar Two = 2;
}
