namespace TransformerClinic.Scoring.Ter;

/// <summary>The settings that TER depends on; the defaults are sacreBLEU's.</summary>
public sealed record TerOptions
{
    /// <summary>Whether upper and lower case differ.</summary>
    public bool CaseSensitive { get; init; }
}
