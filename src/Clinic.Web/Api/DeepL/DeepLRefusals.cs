using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Api.DeepL;

/// <summary>What is refused because ignoring it would give another translation than the client asked for.</summary>
internal static class DeepLRefusals
{
    private static readonly (string Field, string Thing, string Instead)[] Unserved =
    [
        ("glossary_id", "glossaries", "POST /v1/translate takes required and banned words"),
        ("glossary_ids", "glossaries", "POST /v1/translate takes required and banned words"),
        ("style_id", "style rules", "train or fine-tune the model on texts of that style"),
        ("translation_memory_id", "translation memories", "fine-tune the model on the memory"),
        ("custom_instructions", "instructions", "train or fine-tune the model on texts that follow them"),
    ];

    /// <summary>Refuses what is not served.</summary>
    /// <exception cref="Refusal">The request asks for it.</exception>
    public static void Check(RequestFields fields)
    {
        foreach (var (field, thing, instead) in Unserved)
        {
            if (fields.One(field) is not null)
            {
                throw Refusal.Invalid($"{field} is set, but this service has no {thing}; {instead}.");
            }
        }
    }

    /// <summary>A value that is none of those that are allowed.</summary>
    public static Refusal Value(string field, string? value, string allowed) =>
        Refusal.Invalid($"Value for '{field}' not supported: {value ?? "it is missing"}. Allowed: {allowed}.");
}
