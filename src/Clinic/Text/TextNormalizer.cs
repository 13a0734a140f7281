using System.Text;

namespace TransformerClinic.Text;

/// <summary>
/// Brings a line to one Unicode normalisation form and makes every run of white space one space; the ends are trimmed.
/// Halves of surrogate pairs and the swapped byte order mark U+FFFE, which no text holds, become U+FFFD.
/// <c>Normalise(Normalise(x)) = Normalise(x)</c>.
/// </summary>
public sealed class TextNormalizer
{
    private readonly NormalizationForm _form;

    /// <summary>A normaliser to one form.</summary>
    /// <exception cref="UserErrorException">.NET runs without Unicode data: it would leave every line as it is.</exception>
    public TextNormalizer(Normalization form)
    {
        _form = form switch
        {
            Normalization.Nfc => NormalizationForm.FormC,
            Normalization.Nfkc => NormalizationForm.FormKC,
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "This normalisation form is not known."),
        };
        if ("u\u0308".Normalize(NormalizationForm.FormC).Length != 1)
        {
            throw new UserErrorException(
                "Unicode normalisation does not work on this system: .NET runs without ICU. Install it (Debian, Ubuntu: apt-get install libicu-dev) and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
        }
    }

    /// <summary>The normalised line.</summary>
    public string Normalise(string line)
    {
        var whole = Text(line).Normalize(_form);
        var text = new StringBuilder(whole.Length);
        var space = false;
        foreach (var c in whole)
        {
            if (char.IsWhiteSpace(c))
            {
                space = text.Length > 0;
                continue;
            }

            if (space)
            {
                text.Append(' ');
                space = false;
            }

            text.Append(c);
        }

        return text.ToString();
    }

    // string.Normalize throws on what is replaced here.
    private static string Text(string line) =>
        line.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 && !line.Contains('\uFFFE', StringComparison.Ordinal)
            ? line
            : string.Concat(line.EnumerateRunes().Select(rune => rune.Value == 0xFFFE ? "\uFFFD" : rune.ToString()));
}
