using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Reports.Charts;

/// <summary>A chart with everything a reader needs next to it.</summary>
/// <param name="Id">Unique in the page.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Reading">What to look for, in a sentence or two.</param>
/// <param name="Legend">What the colors mean.</param>
/// <param name="Chart">The drawing.</param>
/// <param name="Description">The drawing in words, for those who do not see it.</param>
/// <param name="Numbers">The drawing in numbers.</param>
internal sealed record Figure(
    string Id,
    string Title,
    string Reading,
    IReadOnlyList<LegendEntry> Legend,
    Chart Chart,
    string Description,
    IReadOnlyList<Html> Numbers
)
{
    /// <summary>The figure as markup.</summary>
    public Html Render() =>
        Html.Of(
            $"""
            <figure class="card" id="{Id}">
            <figcaption><h3>{Title}</h3><p>{Reading}</p></figcaption>
            {RenderLegend()}
            {Svg.Inline(Chart.ForPage(), Description)}
            <details><summary>The numbers</summary>
            {Numbers}
            </details>
            </figure>
            """
        );

    private Html RenderLegend() =>
        Legend.Count == 0
            ? Html.Empty
            : Html.Of($"""<ul class="legend">{Legend.Select(entry => entry.Render())}</ul>""");
}
