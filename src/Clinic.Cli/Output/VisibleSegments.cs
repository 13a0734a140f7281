using Spectre.Console.Rendering;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Output;

/// <summary>
/// Makes a console show control characters in text instead of sending them to the terminal; its own sequences stay.
/// </summary>
internal sealed class VisibleSegments : IRenderHook
{
    /// <inheritdoc/>
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
        renderables.Select(renderable => new Visible(renderable));

    private sealed class Visible(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            inner.Render(options, maxWidth).Select(Shown);

        private static Segment Shown(Segment segment)
        {
            var isOurs = segment.IsControlCode || segment.IsLineBreak;
            var text = isOurs ? segment.Text : VisibleText.OnTerminal(segment.Text);
            return text == segment.Text ? segment : new Segment(text, segment.Style);
        }
    }
}
