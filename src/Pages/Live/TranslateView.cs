namespace TransformerClinic.Pages.Live;

/// <summary>The page to translate on.</summary>
/// <param name="Models">The models that are served.</param>
public sealed record TranslateView(IReadOnlyList<ModelChoice> Models)
{
    /// <summary>The name of the chosen model; empty for the first.</summary>
    public string Chosen { get; init; } = "";

    /// <summary>The text to translate.</summary>
    public string Text { get; init; } = "";

    /// <summary>Its translation; empty if there is none yet.</summary>
    public string Translation { get; init; } = "";

    /// <summary>Why it was not translated; empty if it was.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Characters that a text may have.</summary>
    public int MostCharacters { get; init; }
}

/// <summary>A model to choose.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">The language that it reads.</param>
/// <param name="Target">The language that it writes.</param>
/// <param name="Beam">Translations of a sentence that its search compares.</param>
public sealed record ModelChoice(string Name, string Source, string Target, int Beam);
