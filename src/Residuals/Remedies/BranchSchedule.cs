namespace TransformerClinic.Residuals.Remedies;

/// <summary>How large branches are while a model trains.</summary>
public enum BranchSchedule
{
    /// <summary>As large as they are, from the first update on.</summary>
    None,

    /// <summary>
    /// ProRes (2026): the branches of the layer l, from 1, times <c>min(t / (T l), 1)</c> after t updates, so that deep
    /// layers join late.
    /// </summary>
    ProRes,

    /// <summary>BranchNorm (Liu et al. 2023): all branches times <c>min(t / T, 1)</c> after t updates.</summary>
    BranchNorm,
}

/// <summary>The rules of <see cref="BranchSchedule"/>.</summary>
internal static class BranchScheduleOf
{
    private const int ManyLayers = 96;

    /// <summary>The branch's factor.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="period">T, in updates; 0 for <see cref="Period"/>.</param>
    /// <param name="updates">t, how many updates were made before.</param>
    /// <param name="layer">The layer's number, from 0.</param>
    /// <param name="layers">Layers of the stack.</param>
    /// <exception cref="ArgumentOutOfRangeException">The schedule is not a known one.</exception>
    public static double Factor(BranchSchedule schedule, int period, long updates, int layer, int layers)
    {
        var whole = (double)(period > 0 ? period : Period(layers));
        return schedule switch
        {
            BranchSchedule.None => 1,
            BranchSchedule.ProRes => Math.Min(updates / (whole * (layer + 1)), 1),
            BranchSchedule.BranchNorm => Math.Min(updates / whole, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(schedule), schedule, "This schedule is not known."),
        };
    }

    /// <summary>T as in the ProRes paper: 1000 updates, 500 in stacks of 96 layers or more.</summary>
    public static int Period(int layers) => layers >= ManyLayers ? 500 : 1000;
}
