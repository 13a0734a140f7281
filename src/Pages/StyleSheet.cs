using System.Security.Cryptography;
using System.Text;

namespace TransformerClinic.Pages;

/// <summary>The one style sheet of all pages.</summary>
public static class StyleSheet
{
    private const string Name = "TransformerClinic.Pages.pages.css";

    /// <summary>Its text, with line feeds as the ends of lines.</summary>
    public static string Text { get; } = Read();

    /// <summary>
    /// The content security policy of a page that is a file: nothing is loaded, nothing is run, and of all styles only
    /// this sheet applies, which the policy knows by its hash.
    /// </summary>
    public static string Policy { get; } = $"default-src 'none'; style-src '{HashOf(Text)}'; img-src data:";

    /// <summary>The source expression that lets a policy allow text within a page, <c>sha256-...</c>.</summary>
    public static string HashOf(string text) =>
        "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Read()
    {
        using var stream =
            typeof(StyleSheet).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"The style sheet {Name} is not embedded in this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd().ReplaceLineEndings("\n");
    }
}
