using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Depth;

/// <summary>
/// What a trained model loses without one of its sublayers: <c>d_i = L(y_i := x_i) - L</c>, the loss with the
/// sublayer's output replaced by its shortcut less the loss of the whole model. Near 0 the sublayer does nothing that
/// counts, as the deep layers of Pre-LN do (Sun et al. 2025, "The Curse of Depth"). Its normalization is removed with
/// it.
/// </summary>
/// <param name="Place">The sublayer.</param>
/// <param name="Damage">d, in the unit of the loss; below 0 the model is better without it.</param>
internal sealed record SublayerRemoval(SublayerPlace Place, double Damage)
{
    /// <summary>
    /// Measures one forward pass of the whole model and one without each sublayer in turn. The model is the same
    /// afterwards.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="loss">The loss of what the pass returns.</param>
    /// <param name="removed">Called after each sublayer with how many are done.</param>
    /// <returns>In forward order.</returns>
    /// <exception cref="InvalidOperationException">The pass ran through no residual connection.</exception>
    public static IReadOnlyList<SublayerRemoval> Measure(
        DiagnosedPass pass,
        Func<Tensor, double> loss,
        Action<int>? removed = null
    )
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(loss);
        using var noGradient = no_grad();
        var sublayers = new OrderedDictionary<SublayerPlace, ResidualConnection>();
        var whole = LossOf(pass, loss, sublayer => sublayers.TryAdd(sublayer.Place, sublayer.Residual));
        var found = new List<SublayerRemoval>();
        foreach (var (place, connection) in sublayers)
        {
            var hook = connection.register_forward_hook(
                (_, shortcut, _, output) => connection.WithoutBranch(shortcut, output)
            );
            try
            {
                found.Add(new SublayerRemoval(place, LossOf(pass, loss, _ => { }) - whole));
            }
            finally
            {
                hook.remove();
            }

            removed?.Invoke(found.Count);
        }

        return found;
    }

    private static double LossOf(DiagnosedPass pass, Func<Tensor, double> loss, Action<SublayerPass> observer)
    {
        using var scope = NewDisposeScope();
        return loss(pass.Run(observer));
    }
}
