using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Api.OpusCat;

/// <summary>Models as OPUS-CAT's clients choose them: by languages, and by a tag, which is the model's name
/// here.</summary>
internal sealed class OpusCatModels(ModelCatalog catalog, ServedLanguages languages)
{
    /// <summary>The tags of the models for two languages.</summary>
    public IReadOnlyList<string> TagsOf(string? source, string? target) =>
        PairOf(source, target) is { } pair
            ?
            [
                .. catalog
                    .Models.Where(model => model.SourceLanguage == pair.Source && model.TargetLanguage == pair.Target)
                    .Select(model => model.Name),
            ]
            : [];

    /// <summary>What a client shows about the model that it will get.</summary>
    public string StatusOf(string? source, string? target, string? tag)
    {
        if (TagsOf(source, target) is not [var first, ..] tags)
        {
            return $"No model available for {source}-{target}. Put one into the folder that is served.";
        }

        tag = Tag(tag);
        return tag is null ? $"Model {first} for {source}-{target} will be used."
            : tags.Contains(tag) ? $"Model with tag {tag} for {source}-{target} is available."
            : $"No model with tag {tag} for {source}-{target}. Model {first} will be used.";
    }

    /// <summary>A model; null if none fits.</summary>
    /// <param name="source">The source language; browsers do not send one, and get the first model.</param>
    /// <param name="target">The target language, likewise.</param>
    /// <param name="tag">The model's name; an unknown one is ignored.</param>
    public ModelLease? Lease(string? source, string? target, string? tag) =>
        PairOf(source, target) is { } pair ? languages.Lease(pair, Tag(tag)) : null;

    private ServedPair? PairOf(string? source, string? target)
    {
        var (from, to) = (OrNull(source), OrNull(target));
        return languages
            .Pairs.Where(pair =>
                (from is null || languages.Source(from) == pair.Source)
                && (to is null || languages.Target(to) == pair.Target)
            )
            .Cast<ServedPair?>()
            .FirstOrDefault();
    }

    private static string? OrNull(string? code) => string.IsNullOrEmpty(code) ? null : code;

    /// <summary>memoQ writes two quotes where it means none.</summary>
    private static string? Tag(string? tag) => tag is null or "" or "\"\"" ? null : tag;
}
