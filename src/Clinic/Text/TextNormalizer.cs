using System.Text;

namespace TransformerClinic.Text;

/// <summary>
/// Brings a line to one Unicode normalisation form and makes every run of white space one space; the ends are trimmed.
/// Halves of surrogate pairs, which no text holds, become U+FFFD.
/// </summary>
public sealed class TextNormalizer(Normalization form)
{
    private readonly NormalizationForm _form = form switch
    {
        Normalization.Nfc => NormalizationForm.FormC,
        Normalization.Nfkc => NormalizationForm.FormKC,
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "This normalisation form is not known."),
    };

    /// <summary>Makes sure that this system can normalise at all.</summary>
    /// <exception cref="UserErrorException">.NET runs without Unicode data: it would leave every line as it is.</exception>
    public static void Require()
    {
        if ("u\u0308".Normalize(NormalizationForm.FormC).Length != 1)
        {
            throw new UserErrorException(
                "Unicode normalisation does not work on this system: .NET runs without ICU. Install it (Debian, Ubuntu: apt-get install libicu-dev) and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
        }
    }

    /// <summary>The normalised line.</summary>
    public string Normalise(string line)
    {
        var whole = WithoutLoneSurrogates(line).Normalize(_form);
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

    private static string WithoutLoneSurrogates(string line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (char.IsSurrogate(line[i]))
            {
                if (!char.IsSurrogatePair(line, i))
                {
                    return string.Concat(line.EnumerateRunes().Select(rune => rune.ToString()));
                }

                i++;
            }
        }

        return line;
    }
}
