namespace TransformerClinic.Data;

/// <summary>From bytes to megabytes, which people count in.</summary>
/// <param name="inner">Receives megabytes.</param>
internal sealed class Megabytes(IProgress<double> inner) : IProgress<long>
{
    private const double Bytes = 1e6;

    /// <summary>The megabytes of some bytes.</summary>
    public static double Of(double bytes) => bytes / Bytes;

    /// <inheritdoc/>
    public void Report(long value) => inner.Report(Of(value));
}
