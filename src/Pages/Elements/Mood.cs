namespace TransformerClinic.Pages.Elements;

/// <summary>How good a judgment is; it decides the color of its badge.</summary>
public enum Mood
{
    /// <summary>Nothing is judged, or not yet.</summary>
    Unknown,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Something is to be watched.</summary>
    Fair,

    /// <summary>It failed, or will.</summary>
    Poor,
}
