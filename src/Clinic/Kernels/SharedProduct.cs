namespace TransformerClinic.Kernels;

/// <summary>
/// A product whose panels several threads compute, each taking the next that nobody has. An output is computed as by
/// one thread, whoever does it.
/// </summary>
/// <param name="matrix">The weights.</param>
/// <param name="input">What the matrix reads its rows from.</param>
/// <param name="rows">Rows.</param>
/// <param name="y">Where outputs go.</param>
/// <param name="helpers">How many others may compute, those with the lowest numbers.</param>
internal sealed unsafe class SharedProduct(PackedMatrix matrix, void* input, int rows, float* y, int helpers)
{
    private int _taken;
    private int _done;

    /// <summary>How many others may compute.</summary>
    public int Helpers => helpers;

    /// <summary>Computes panels until none is left.</summary>
    public void Compute()
    {
        for (var panel = Take(); panel < matrix.Panels; panel = Take())
        {
            matrix.MultiplyPanels(input, rows, y, panel, panel + 1);
            Interlocked.Increment(ref _done);
        }
    }

    /// <summary>Waits until all panels are computed.</summary>
    public void Wait()
    {
        var spinner = new SpinWait();
        while (Volatile.Read(ref _done) < matrix.Panels)
        {
            spinner.SpinOnce(sleep1Threshold: -1); // a panel takes microseconds
        }
    }

    private int Take() => Interlocked.Increment(ref _taken) - 1;
}
