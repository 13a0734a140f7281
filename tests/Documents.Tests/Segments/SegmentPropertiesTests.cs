using CsCheck;
using TransformerClinic.Documents.Segments.Placeholders;
using static TransformerClinic.Documents.Tests.Segments.SegmentTranslatorTests;

namespace TransformerClinic.Documents.Tests.Segments;

/// <summary>What holds for every segment, whatever the translator returns.</summary>
[Trait("Speed", "Slow")]
public class SegmentPropertiesTests
{
    private static readonly Gen<(MarkedText Segment, int Seed)> AnySegment = Gen.Select(
        SegmentShapes.Any,
        Gen.Int[0, 1000]
    );

    [Fact]
    public void Markup_comes_through_once_each_and_well_nested_whatever_the_alignment() =>
        AnySegment.Sample(
            of =>
            {
                var translated = Translated(MadeUpTranslator.Nonsense(of.Seed), of.Segment).Text;

                Assert.Null(SegmentShapes.NestingFault(translated));
                Assert.Equal(SegmentShapes.Markup(of.Segment), SegmentShapes.Markup(translated));
            },
            iter: 5000
        );

    [Fact]
    public void Placeholders_come_through_once_each_whatever_the_translation() =>
        AnySegment.Sample(
            of =>
                Assert.Equal(
                    SegmentShapes.Placeholders(of.Segment),
                    SegmentShapes.Placeholders(Translated(MadeUpTranslator.Nonsense(of.Seed), of.Segment).Text)
                ),
            iter: 5000
        );

    [Fact]
    public void No_markup_is_put_into_a_placeholder() =>
        AnySegment.Sample(
            of =>
            {
                var segment = of.Segment;
                var translated = Translated(MadeUpTranslator.Nonsense(of.Seed), segment).Text;
                if (!IsCut(segment))
                {
                    Assert.False(IsCut(translated), SegmentShapes.Written(translated));
                }
            },
            iter: 5000
        );

    [Fact]
    public void White_space_at_the_ends_stays_byte_for_byte() =>
        AnySegment.Sample(
            of =>
            {
                // A picture that takes the place of the first or last word is separated by a space from the next.
                var segment = new MarkedText([.. of.Segment.Parts.Where(part => part.Kind != PartKind.Alone)]);
                var (before, after) = (
                    segment.Plain,
                    Translated(MadeUpTranslator.Nonsense(of.Seed), segment).Text.Plain
                );

                Assert.Equal(before[..^before.TrimStart().Length], after[..^after.TrimStart().Length]);
                Assert.Equal(before[before.TrimEnd().Length..], after[after.TrimEnd().Length..]);
            },
            iter: 5000
        );

    [Fact]
    public void How_segments_are_grouped_does_not_matter() =>
        Gen.Select(SegmentShapes.Any.Array[1, 6], Gen.Int[0, 1000])
            .Sample(
                (segments, seed) =>
                {
                    var together = All(MadeUpTranslator.Nonsense(seed), segments);
                    var apart = segments.Select(segment => Translated(MadeUpTranslator.Nonsense(seed), segment));

                    Assert.Equal(together.Select(Shown), apart.Select(Shown));
                },
                iter: 500
            );

    [Fact]
    public void A_translation_that_changes_nothing_leaves_the_segment_as_it_is() =>
        SegmentShapes.Any.Sample(
            segment =>
            {
                var same = new MadeUpTranslator(text => new TranslatedSentence("", [], "it is only a test"));

                Assert.Equal(
                    SegmentShapes.Written(segment),
                    SegmentShapes.Written(Translated(same, segment, targetLanguage: "zh").Text)
                );
            },
            iter: 2000
        );

    private static string Shown(TranslatedSegment translated) =>
        $"{SegmentShapes.Written(translated.Text)} ({string.Join("; ", translated.Notes)})";

    private static bool IsCut(MarkedText segment)
    {
        var place = 0;
        var placeholders = PlaceholderFinder.Find(segment.Plain);
        foreach (var part in segment.Parts)
        {
            if (part.Kind != PartKind.Text && placeholders.Any(one => one.Start < place && place < one.End))
            {
                return true;
            }

            place += part.Text.Length;
        }

        return false;
    }
}
