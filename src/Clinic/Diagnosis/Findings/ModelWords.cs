using System.Globalization;
using TransformerClinic.Model;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>A model's depth and variant in words.</summary>
internal static class ModelWords
{
    /// <summary>
    /// Such as <c>An 18+18-layer Post-LN Transformer, treated with Admin,</c>: the subject of a sentence.
    /// </summary>
    public static string Subject(StackOptions encoder, StackOptions decoder)
    {
        var depth = string.Create(
            CultureInfo.InvariantCulture,
            $"{Article(encoder.Layers)} {encoder.Layers}+{decoder.Layers}-layer"
        );
        return (Name(encoder), Name(decoder)) switch
        {
            var (e, d) when e == d && encoder.Traits.HasOmega => $"{depth} Post-LN Transformer, treated with {e},",
            var (e, d) when e == d => $"{depth} {e} Transformer without Admin",
            var (e, d) => $"{depth} Transformer with {Article(e)} {e} encoder and {Article(d)} {d} decoder",
        };
    }

    private static string Name(StackOptions stack) => stack.Design?.Name ?? stack.Variant.Name();

    // Eight, eleven, eighteen, eighty, eight hundred begin with a vowel.
    private static string Article(int number) =>
        number is 11 or 18 || number.ToString(CultureInfo.InvariantCulture).StartsWith('8') ? "An" : "A";

    private static string Article(string name) => name.StartsWith('A') || name.StartsWith('a') ? "an" : "a";
}
