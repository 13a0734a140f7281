using TransformerClinic.Residuals;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// Looks on at all sublayers of a model for as long as it lives; observers that were there before also see the pass,
/// and afterwards they are the only ones again.
/// </summary>
internal sealed class SublayerWatch : IDisposable
{
    private readonly List<IDisposable> _watches = [];
    private readonly Dictionary<string, int> _met = new(StringComparer.Ordinal);

    /// <summary>Begins to watch.</summary>
    /// <param name="diagnosed">Whose model.</param>
    /// <param name="observer">
    /// Told what each sublayer computes, in forward order, under the rules of
    /// <see cref="ResidualConnection.Observer"/>.
    /// </param>
    public SublayerWatch(DiagnosedPass diagnosed, Action<SublayerPass> observer)
    {
        foreach (var (path, connection) in ResidualChains.Of(diagnosed.Model))
        {
            var stack = diagnosed.StackOf(path);
            var watch = connection.Watch(
                (shortcut, branch, output) =>
                    observer(
                        new SublayerPass(
                            SublayerPlace.Of(stack, path, NextIn(stack)),
                            connection,
                            connection.StreamOf(shortcut),
                            branch,
                            connection.StreamOf(output)
                        )
                        {
                            State = output,
                            ShortcutState = shortcut,
                        }
                    )
            );
            _watches.Add(watch);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var watch in _watches)
        {
            watch.Dispose();
        }
    }

    /// <summary>How many sublayers of a stack were met before.</summary>
    private int NextIn(string stack)
    {
        var before = _met.GetValueOrDefault(stack);
        _met[stack] = before + 1;
        return before;
    }
}
