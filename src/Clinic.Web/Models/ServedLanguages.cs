namespace TransformerClinic.Web.Models;

/// <summary>A language and one that it is translated into.</summary>
/// <param name="Source">The language that a model reads, as its recipe names it.</param>
/// <param name="Target">The language that it writes.</param>
internal readonly record struct ServedPair(string Source, string Target);

/// <summary>The languages of the loaded models, found by whatever code a client uses for them.</summary>
internal sealed class ServedLanguages(ModelCatalog catalog)
{
    /// <summary>The pairs, each once.</summary>
    public IReadOnlyList<ServedPair> Pairs =>
        [.. catalog.Models.Select(model => new ServedPair(model.SourceLanguage, model.TargetLanguage)).Distinct()];

    /// <summary>The languages that are read.</summary>
    public IReadOnlyList<string> Sources => [.. Pairs.Select(pair => pair.Source).Distinct()];

    /// <summary>The languages that are written.</summary>
    public IReadOnlyList<string> Targets => [.. Pairs.Select(pair => pair.Target).Distinct()];

    /// <summary>The languages that one is translated into.</summary>
    public IReadOnlyList<string> TargetsOf(string source) =>
        [.. Pairs.Where(pair => pair.Source == source).Select(pair => pair.Target)];

    /// <summary>The languages that are translated into one.</summary>
    public IReadOnlyList<string> SourcesOf(string target) =>
        [.. Pairs.Where(pair => pair.Target == target).Select(pair => pair.Source)];

    /// <summary>The served source language that a client's code names; null if none is.</summary>
    public string? Source(string code) => LanguageCode.Find(code, Sources);

    /// <summary>The served target language that a client's code names; null if none is.</summary>
    public string? Target(string code) => LanguageCode.Find(code, Targets);

    /// <summary>A model for a pair of served languages.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="name">The name of the model that is preferred; null prefers none.</param>
    /// <returns>A lease to dispose after use; null if no model translates them.</returns>
    public ModelLease? Lease(ServedPair pair, string? name = null) =>
        (name is null ? null : catalog.Find(name, pair.Source, pair.Target))
        ?? catalog.Find(null, pair.Source, pair.Target);
}
