using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;
using TransformerClinic.Common;

namespace TransformerClinic.Documents.Formats.Html;

/// <summary>
/// Cuts an HTML text into its pieces, as the tokenizer of the HTML standard does. No tree is built: the text is only
/// read, and what is not translated is copied.
/// </summary>
internal static class HtmlPieces
{
    private static readonly string[] RawElements = ["style", "xmp", "iframe", "noembed", "noframes"];
    private static readonly string[] TextElements = ["title", "textarea"];

    /// <summary>The pieces of a text, in order; together they cover it up to what a cut off tag leaves.</summary>
    /// <exception cref="UserErrorException">There are too many.</exception>
    public static IReadOnlyList<HtmlPiece> Of(string text, DocumentSource source)
    {
        using var content = new TextSource(text);
        using var tokenizer = new HtmlTokenizer(content, HtmlEntityProvider.Resolver);
        var pieces = new List<HtmlPiece>();
        var foreign = new Stack<string>();
        while (true)
        {
            var token = tokenizer.Get();
            if (pieces.Count > 0)
            {
                pieces[^1].End = token.Position.Index;
            }

            if (token.Type == HtmlTokenType.EndOfFile)
            {
                return pieces;
            }

            if (pieces.Count >= source.Limits.MostNodes)
            {
                throw source.Wrong(
                    FormattableString.Invariant($"there are more than {source.Limits.MostNodes:N0} tags and texts. ")
                        + "Divide the document into smaller ones."
                );
            }

            pieces.Add(Piece(token));
            Track(foreign, pieces[^1], token);
            if (token.Type == HtmlTokenType.StartTag && foreign.Count == 0)
            {
                tokenizer.State = ContentOf(token.Name);
            }
        }
    }

    private static HtmlPiece Piece(HtmlToken token) =>
        token is HtmlTagToken tag
            ? new HtmlPiece(
                tag.Type,
                tag.Name,
                "",
                tag.Position.Index,
                [.. tag.Attributes.Select(attribute => (attribute.Name, attribute.Value, attribute.Position.Index))]
            )
            : new HtmlPiece(token.Type, "", token.Data, token.Position.Index, []);

    /// <summary>Drawings and formulas have elements of their own, whose content is not raw.</summary>
    private static void Track(Stack<string> foreign, HtmlPiece piece, HtmlToken token)
    {
        if (
            piece.Kind == HtmlTokenType.StartTag
            && piece.Name is "svg" or "math"
            && token is HtmlTagToken { IsSelfClosing: false }
        )
        {
            foreign.Push(piece.Name);
        }
        else if (piece.Kind == HtmlTokenType.EndTag && foreign.Contains(piece.Name))
        {
            while (foreign.Pop() != piece.Name)
            {
                // What was not closed ends with it.
            }
        }
    }

    private static HtmlParseMode ContentOf(string name) =>
        name == "script" ? HtmlParseMode.Script
        : name == "plaintext" ? HtmlParseMode.Plaintext
        : RawElements.Contains(name) ? HtmlParseMode.Rawtext
        : TextElements.Contains(name) ? HtmlParseMode.RCData
        : HtmlParseMode.PCData;
}
