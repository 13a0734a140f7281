namespace TransformerClinic.Data;

/// <summary>A sentence pair as ids, each side ending with the end mark.</summary>
public sealed record ParallelExample(int[] Source, int[] Target)
{
    /// <summary>Ids of the longer side.</summary>
    internal int LongerSide => Math.Max(Source.Length, Target.Length);
}
