using CsCheck;
using TransformerClinic.Data;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Data;

public class LedgerTests
{
    [Fact]
    public void Every_line_is_kept_or_counted_with_its_reason()
    {
        Gen.Int[0, 3]
            .Array.Sample(fates =>
            {
                var ledger = Build(fates);
                return ledger.Read == fates.Length
                    && ledger.Kept == fates.Count(fate => fate == 0)
                    && ledger.Read == ledger.Kept + ledger.Dropped.Sum(entry => entry.Count);
            });
    }

    [Fact]
    public void The_most_frequent_reason_comes_first_with_the_numbers_of_its_first_lines()
    {
        var ledger = Build([1, 0, 2, 2, 2, 2, 2, 2, 3]);
        Assert.Equal(
            [("reason 2", 6, "3 4 5 6 7"), ("reason 1", 1, "1"), ("reason 3", 1, "9")],
            ledger.Dropped.Select(entry => (entry.Reason, entry.Count, string.Join(' ', entry.FirstLines)))
        );
    }

    [Fact]
    public void In_words_it_says_what_was_kept_dropped_and_left_untranslated()
    {
        var builder = new LedgerBuilder("test");
        for (var line = 1; line <= 1200; line++)
        {
            builder.Keep();
        }

        builder.LeaveUntranslated("longer than 9 subwords", 7);
        builder.Drop("with an empty side", 1201);
        Assert.Equal(
            "test: 1,200 of 1,201 pairs kept; dropped: 1 with an empty side (first: line 1201); left untranslated "
                + "and scored as empty: 1 longer than 9 subwords (first: line 7)",
            builder.Build().ToString()
        );
    }

    [Fact]
    public void What_happened_when_the_file_was_read_is_part_of_the_account()
    {
        var reading = new LedgerBuilder("memory.tmx");
        reading.Keep();
        reading.Keep();
        reading.Drop("without a text in de", 3);
        reading.Change("without inline tags", 1);
        var builder = new LedgerBuilder("train");
        builder.Include(reading.Build() with { Languages = "de to en" });
        builder.Keep();
        builder.Drop("with an empty side", 2);

        var ledger = builder.Build();

        Assert.Equal(
            "train: 1 of 3 pairs kept, de to en; dropped: 1 without a text in de (first: line 3), 1 with an empty side "
                + "(first: line 2); changed when read: 1 without inline tags (first: line 1)",
            ledger.ToString()
        );
        var again = Json.FromLine<Ledger>(Json.Line(ledger))!;
        Assert.Equal((ledger.ToString(), "de to en"), (again.ToString(), again.Languages));
    }

    [Fact]
    public void Of_a_file_of_text_the_record_has_no_keys_that_it_does_not_need() =>
        Assert.Equal("""{"set":"train","read":1,"kept":1,"dropped":[],"untranslated":[]}""", Json.Line(Build([0])));

    private static Ledger Build(int[] fates)
    {
        var builder = new LedgerBuilder("train");
        for (var i = 0; i < fates.Length; i++)
        {
            if (fates[i] == 0)
            {
                builder.Keep();
            }
            else
            {
                builder.Drop($"reason {fates[i]}", i + 1);
            }
        }

        return builder.Build();
    }
}
