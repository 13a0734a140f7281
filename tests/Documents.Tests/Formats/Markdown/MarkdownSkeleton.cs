using System.Text;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace TransformerClinic.Documents.Tests.Formats.Markdown;

/// <summary>The blocks and inline elements of a page, without text and without soft line breaks.</summary>
internal static class MarkdownSkeleton
{
    public static string Of(string page)
    {
        var pipeline = new MarkdownPipelineBuilder()
            .UseYamlFrontMatter()
            .UsePipeTables()
            .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
            .UseTaskLists()
            .UseFootnotes()
            .UseAutoLinks()
            .UseMathematics()
            .UseAlertBlocks()
            .Build();
        var skeleton = new StringBuilder();
        foreach (var element in Markdig.Markdown.Parse(page, pipeline).Descendants())
        {
            if (element is not (LiteralInline or HtmlEntityInline or LineBreakInline { IsHard: false }))
            {
                skeleton.Append(element.GetType().Name).Append(element is LinkInline link ? link.Url : "").Append(' ');
            }
        }

        return skeleton.ToString();
    }
}
