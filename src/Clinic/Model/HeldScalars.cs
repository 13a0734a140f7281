using TorchSharp;

namespace TransformerClinic.Model;

/// <summary>
/// Constants of tensor expressions, held for as long as the program runs. A number written into an expression becomes a
/// native scalar for that one call, and nothing keeps it alive until the call ends: a garbage collection that another
/// thread begins can finalize it while libtorch still reads it. Other scalars are held by <c>using</c> or by a field.
/// The sum of two tensors has one, too: TorchSharp computes <c>x + y</c> as <c>x + 1 * y</c>, and makes the 1; so sums
/// are written <c>x.add(y, One)</c>, and squares, for the like reason, <c>x.pow(Two)</c>.
/// </summary>
internal static class HeldScalars
{
    public static readonly Scalar Zero = 0;
    public static readonly Scalar One = 1;
    public static readonly Scalar Two = 2;
    public static readonly Scalar MinusInfinity = double.NegativeInfinity;
}
