using TransformerClinic.Text;

namespace TransformerClinic.Web;

/// <summary>
/// What the service says on standard error: what begins and ends, and a line for each request with its size, time and
/// id. Texts are never in it.
/// </summary>
/// <param name="output">Where to.</param>
internal sealed class ServiceLog(TextWriter output)
{
    private readonly Lock _lock = new();

    /// <summary>Writes a line.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            output.WriteLine($"clinic: {VisibleText.OnTerminal(line)}");
        }
    }
}
