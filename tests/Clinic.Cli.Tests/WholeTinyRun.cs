namespace TransformerClinic.Cli.Tests;

/// <summary>
/// The tiny recipe's run as it is, trained once for all tests of a class; a test that changes it takes a copy.
/// </summary>
public sealed class WholeTinyRun : IDisposable
{
    private readonly TinyRun _tiny = new();

    public WholeTinyRun() => Result = ClinicProcess.Run("train", _tiny.Recipe, "--run", _tiny.Run, "--json");

    /// <summary>How the command ended.</summary>
    internal ClinicResult Result { get; }

    internal string Recipe => _tiny.Recipe;

    internal string Run => _tiny.Run;

    public void Dispose() => _tiny.Dispose();
}
