using System.Collections.Concurrent;
using CsCheck;
using TransformerClinic.Data;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Text;

[Trait("Speed", "Slow")]
public class BytePairModelTests
{
    private const int Bytes = 256;

    private static readonly BytePairModel Help = (BytePairModel)HelpCorpus.Prepared.Subwords;
    private static readonly BytePairModel Untrained = Learn([], new SubwordOptions());
    private static readonly BytePairModel Compatibility = Learn(
        ["the ﬁle", "die Straße, über 12 Ⅻ", "▁ <s> </s> <0x41> <unk>", "aaaa aaa aa a"],
        new SubwordOptions { Normalization = Normalization.Nfkc, MinPairCount = 1 }
    );

    public static TheoryData<string> Models => ["help", "untrained", "compatibility"];

    /// <summary>
    /// The example of Sennrich, Haddow and Birch (2016), with the space at the head in place of their end-of-word mark.
    /// </summary>
    [Fact]
    public void The_merges_of_the_papers_example_are_those_counted_by_hand()
    {
        string[] lines = [.. Repeat("low", 5), .. Repeat("lower", 2), .. Repeat("newest", 6), .. Repeat("widest", 3)];
        var model = Learn(lines, new SubwordOptions { Merges = 5 });
        Assert.Equal([("e", "s"), ("es", "t"), (" ", "l"), ("o", "w"), (" l", "ow")], model.Merges);
        Assert.Equal([" low", "est"], model.Encode("lowest").Select(id => model.Vocabulary[id]));
    }

    [Fact]
    public void Ids_are_marks_then_bytes_then_characters_by_frequency_then_merges()
    {
        var model = Learn(["bab", "bc"], new SubwordOptions { Merges = 1 });
        Assert.Equal(["<s>", "<pad>", "</s>", "<unk>"], Pieces(model, 0, Vocabulary.Marks));
        Assert.Equal(["<0x00>", "<0x01>"], Pieces(model, Vocabulary.Marks, 2));
        Assert.Equal("<0xFF>", model.Vocabulary[Vocabulary.Marks + Bytes - 1]);
        Assert.Equal(["b", " ", "a", "c", " b"], Pieces(model, Vocabulary.Marks + Bytes, 5));
        Assert.Equal(Vocabulary.Marks + Bytes + 5, model.Vocabulary.Count);
        Assert.All(
            Enumerable.Range(0, model.Vocabulary.Count),
            id => Assert.Equal(id, model.Vocabulary.IdOf(model.Vocabulary[id]))
        );
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Decoding_what_was_encoded_gives_the_normalized_text_for_every_text(string name)
    {
        var model = Model(name);
        AnyText.Line.Sample(line => model.Decode(model.Encode(line)) == model.Normalize(line), iter: 5000);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void No_text_becomes_a_mark(string name)
    {
        var model = Model(name);
        AnyText.Line.Sample(line =>
            model.Encode(line).All(id => id >= Vocabulary.Marks && id < model.Vocabulary.Count)
        );
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Whatever_ids_are_decoded_the_text_is_one_normalized_line(string name)
    {
        var model = Model(name);
        Gen.Int[0, model.Vocabulary.Count - 1]
            .Array[0, 40]
            .Sample(ids =>
            {
                var text = model.Decode(ids);
                return model.Normalize(text) == text && !text.Any(char.IsControl);
            });
    }

    [Fact]
    public void Every_sentence_of_the_corpus_is_decoded_as_it_was_and_training_text_needs_no_bytes()
    {
        var corpus = HelpCorpus.Prepared;
        foreach (
            var (set, bytesAllowed) in new[]
            {
                ((PreparedSet)corpus.Train, false),
                (corpus.Valid, true),
                (corpus.Test!, true),
            }
        )
        {
            foreach (var line in set.Pairs.SelectMany(pair => new[] { pair.Source, pair.Target }))
            {
                var ids = Help.Encode(line);
                Assert.Equal(Help.Normalize(line), Help.Decode(ids));
                Assert.True(bytesAllowed || ids.All(id => id >= Vocabulary.Marks + Bytes), line);
            }
        }
    }

    [Fact]
    public void An_unseen_character_is_spelled_in_its_bytes()
    {
        Assert.Equal(Vocabulary.Unknown, Help.Vocabulary.IdOf("東"));
        Assert.Equal(["<0xE6>", "<0x9D>", "<0xB1>"], Help.Encode("東")[1..].Select(id => Help.Vocabulary[id]));
    }

    [Fact]
    public void Invisible_characters_change_no_piece()
    {
        var ids = Help.Encode("Wählen Sie eine Datei.");

        Assert.Equal(ids, Help.Encode("\uFEFFWäh\u00ADlen Sie\u200B eine Da\u2060tei.\u0001"));
        Assert.NotEqual(ids, Help.Encode("Wäh\u200Clen Sie eine Datei."));
    }

    /// <summary>A model from before invisible characters were dropped may have pieces that hold them.</summary>
    [Fact]
    public void A_model_with_pieces_of_invisible_characters_still_works()
    {
        var model = new BytePairModel(
            Normalization.Nfc,
            ["\u00AD", "a", "b", " "],
            [("a", "\u00AD"), ("a\u00AD", "b")]
        );
        var piece = model.Vocabulary.IdOf("a\u00ADb");

        Assert.Equal([" ", "a", "b"], model.Encode("a\u00ADb").Select(id => model.Vocabulary[id]));
        Assert.Equal("ab ab", model.Decode([piece, model.Vocabulary.IdOf(" "), piece]));
        AnyText.Line.Sample(line => model.Decode(model.Encode(line)) == model.Normalize(line), iter: 1000);
    }

    [Fact]
    public void Marks_are_skipped_and_half_a_character_is_shown_as_replaced()
    {
        var ids = Help.Encode("a東");
        Assert.Equal(
            "a東",
            Help.Decode([Vocabulary.Bos, .. ids, Vocabulary.EndOfSentence, Vocabulary.Pad, Vocabulary.Unknown])
        );
        Assert.Equal("a\uFFFD", Help.Decode(ids.AsSpan(0, ids.Length - 1)));
    }

    [Fact]
    public void A_word_has_the_same_pieces_wherever_it_occurs()
    {
        var word = Help.Encode("Dokument");
        Assert.Equal([.. word, .. word], Help.Encode("Dokument Dokument"));
        Assert.Equal([.. word, .. Help.Encode("Das")], Help.Encode("Dokument Das"));
        Assert.Equal(word, Help.Encode("Dokument.")[..word.Length]);
    }

    [Fact]
    public void The_order_of_lines_does_not_matter()
    {
        var lines = HelpCorpus.Prepared.Valid.Pairs.Select(pair => pair.Source).ToList();
        var options = new SubwordOptions { Merges = 500 };
        Assert.Equal(Learn(lines, options).Merges, Learn(Enumerable.Reverse(lines), options).Merges);
    }

    [Fact]
    public void As_many_merges_are_learned_as_were_asked_for_and_each_makes_a_new_piece()
    {
        Assert.Equal(HelpCorpus.Merges, Help.Merges.Count);
        Assert.Equal(Vocabulary.Marks + Bytes + Help.Characters.Count + Help.Merges.Count, Help.Vocabulary.Count);
    }

    [Fact]
    public void Each_merge_makes_a_new_piece_in_words_of_few_letters_as_well()
    {
        var lines = Gen.Char['a', 'c'].Array[1, 15].Select(letters => new string(letters)).Array[1, 20];
        lines.Sample(all =>
        {
            var model = Learn(all, new SubwordOptions { MinPairCount = 1 });
            return model.Vocabulary.Count == Vocabulary.Marks + Bytes + model.Characters.Count + model.Merges.Count
                && all.All(line => model.Encode(line) is [var id] && model.Vocabulary[id] == " " + line);
        });
    }

    [Fact]
    public void Merging_ends_with_the_last_pair_seen_often_enough()
    {
        var model = Learn(["ab ab ab cd"], new SubwordOptions { Merges = 100, MinPairCount = 3 });
        Assert.Equal([(" ", "a"), (" a", "b")], model.Merges);
    }

    [Fact]
    public void Several_threads_may_encode_at_once()
    {
        var lines = HelpCorpus.Prepared.Valid.Pairs.Select(pair => pair.Target).ToList();
        var model = Learn(lines, new SubwordOptions { Merges = 200 });
        var encoded = new ConcurrentDictionary<int, int[]>();
        Parallel.For(
            0,
            4 * lines.Count,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            i => encoded[i] = model.Encode(lines[i % lines.Count])
        );
        Assert.All(encoded, line => Assert.Equal(model.Encode(lines[line.Key % lines.Count]), line.Value));
    }

    [Fact]
    public void A_line_of_a_million_characters_without_a_space_is_learned_and_encoded()
    {
        var line = string.Concat(Enumerable.Range(0, 1_000_000).Select(i => (char)('a' + (i * i % 7))));
        var model = Learn([line], new SubwordOptions { Merges = 50 });
        Assert.Equal(line, model.Decode(model.Encode(line)));
    }

    [Fact]
    public void Learning_reports_its_progress_and_can_be_cancelled()
    {
        var reports = new List<double>();
        using var source = new CancellationTokenSource();
        var progress = new Reports(report =>
        {
            reports.Add(report);
            if (report == 3)
            {
                source.Cancel();
            }
        });
        var lines = HelpCorpus.Prepared.Valid.Pairs.Select(pair => pair.Source);
        Assert.Throws<OperationCanceledException>(() =>
            SubwordModel.Learn(lines, new SubwordOptions { Merges = 10 }, progress, source.Token)
        );
        Assert.Equal([1, 2, 3], reports);
    }

    private static BytePairModel Learn(IEnumerable<string> lines, SubwordOptions options) =>
        SubwordModel.Learn(lines, options, progress: null, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Repeat(string word, int times) => Enumerable.Repeat(word, times);

    private static string[] Pieces(SubwordModel model, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(id => model.Vocabulary[id])];

    private static BytePairModel Model(string name) =>
        name switch
        {
            "help" => Help,
            "untrained" => Untrained,
            _ => Compatibility,
        };

    private sealed class Reports(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
