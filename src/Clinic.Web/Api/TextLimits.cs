using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Api;

/// <summary>What every interface checks of the texts that it is given.</summary>
internal static class TextLimits
{
    /// <summary>Refuses too many texts and too long ones.</summary>
    /// <exception cref="Refusal">There are too many, or one is too long.</exception>
    public static void Check(IReadOnlyList<string> texts, ServiceLimits limits)
    {
        if (texts.Count > limits.Texts)
        {
            throw Refusal.TooLarge(
                $"The request has {texts.Count} texts; this service takes at most {limits.Texts} at once."
            );
        }

        var longest = texts.Select(text => text.Length).DefaultIfEmpty().Max();
        if (longest > limits.Characters)
        {
            throw Refusal.TooLarge(
                $"A text has {longest} characters; this service takes at most {limits.Characters}. Split it, or send "
                    + "it as a document."
            );
        }
    }
}
