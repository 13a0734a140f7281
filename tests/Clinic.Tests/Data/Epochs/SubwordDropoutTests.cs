using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Data.Epochs;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Data.Epochs;

/// <summary>BPE-dropout of Provilkov, Emelianenko and Voita (2020).</summary>
public class SubwordDropoutTests
{
    private static readonly BytePairModel Help = (BytePairModel)HelpCorpus.Prepared.Subwords;
    private static readonly HeldExamples Examples = new(HelpCorpus.Prepared.Valid.Examples);

    [Fact]
    public void Pieces_are_a_function_of_seed_epoch_and_number_and_spell_the_same_text()
    {
        var dropout = new SubwordDropout(Help, 0.1, longest: 1000);
        var differences = 0;
        for (var i = 0; i < 200; i++)
        {
            var (one, again) = (dropout.Example(Examples, i, 1, 0), dropout.Example(Examples, i, 1, 0));
            Assert.Equal(one.Source, again.Source);
            Assert.Equal(one.Target, again.Target);
            var own = Examples.Copy(i);
            Assert.Equal(Help.Decode(own.Source), Help.Decode(one.Source));
            Assert.Equal(Help.Decode(own.Target), Help.Decode(one.Target));
            Assert.Equal(Vocabulary.EndOfSentence, one.Source[^1]);
            differences += one.Source.SequenceEqual(dropout.Example(Examples, i, 1, 1).Source) ? 0 : 1;
            differences += one.Source.SequenceEqual(dropout.Example(Examples, i, 2, 0).Source) ? 0 : 1;
        }

        Assert.True(differences > 200, $"{differences} of 400 differ");
    }

    [Fact]
    public void With_probability_one_pieces_are_characters_and_with_zero_they_are_those_without_dropout()
    {
        const string Line = "Zellen werden verbunden.";
        Assert.Equal(
            $" {Line}".Select(character => character.ToString()),
            Help.EncodeDropping(Line, 1, Draws()).Select(Help.TextOf)
        );
        foreach (var pair in HelpCorpus.Prepared.Valid.Pairs)
        {
            Assert.Equal(Help.Encode(pair.Source), Help.EncodeDropping(pair.Source, 0, Draws()));
        }
    }

    [Fact]
    public void A_merge_is_made_as_often_as_the_algorithm_says()
    {
        // Of "aa" (with its space) only "a" and "a" can be merged: one draw, kept with probability 1 - p.
        var model = new BytePairModel(Normalization.Nfc, [" ", "a"], [("a", "a")]);
        var draws = Draws();
        var merged = Enumerable.Range(0, 20_000).Count(_ => model.EncodeDropping("aa", 0.3, draws).Length == 2);
        Assert.InRange(merged, 13_800, 14_200);

        // Of "aaa" two can be: none is with p^2; after the first, none is left.
        var none = Enumerable.Range(0, 20_000).Count(_ => model.EncodeDropping("aaa", 0.3, draws).Length == 4);
        Assert.InRange(none, 1650, 1950);
    }

    [Fact]
    public void An_example_that_would_become_too_long_keeps_its_ids()
    {
        var dropout = new SubwordDropout(Help, 1, longest: 20);
        for (var i = 0; i < 100; i++)
        {
            var (own, cut) = (Examples.Copy(i), dropout.Example(Examples, i, 1, 0));
            Assert.True(cut.LongerSide <= 20 || cut.Source.SequenceEqual(own.Source));
        }
    }

    [Fact]
    public void An_epoch_holds_each_example_in_its_pieces_of_that_epoch()
    {
        var dropout = new SubwordDropout(Help, 0.1, longest: 1000);
        var batches = new TokenBatches(Examples, 1000, rules: new EpochRules(Dropout: dropout));
        var shard = batches.Shard(1, 2, 0);
        var seen = 0;
        for (var i = 0; i < shard.Count; i++)
        {
            var batch = shard.Make(i);
            for (var row = 0; row < batch.Size; row++)
            {
                var expected = dropout.Example(Examples, batch.Examples[row], 1, 2).Source;
                var found = batch.Source.AsSpan(row * batch.SourceLength, expected.Length).ToArray();
                Assert.Equal(expected.Select(id => (long)id), found);
                seen++;
            }
        }

        Assert.Equal(Examples.Count, seen);
    }

    [Fact]
    public void Subwords_of_other_programs_are_refused_in_words()
    {
        Assert.Null(SubwordDropout.Of(Help, 0, 100));
        Assert.NotNull(SubwordDropout.Of(Help, 0.1, 100));
        var other = new OtherModel();
        Assert.Null(SubwordDropout.Of(other, 0, 100));
        var refused = Assert.Throws<UserErrorException>(() => SubwordDropout.Of(other, 0.1, 100));
        Assert.StartsWith("subwords.dropout is 0.1: ", refused.Message);
    }

    private static CounterStream Draws() => new(1, "test", 0);

    private sealed class OtherModel() : SubwordModel(new Vocabulary(["a"]))
    {
        public override int[] Encode(string line) => [];

        public override string Decode(ReadOnlySpan<int> ids) => "";

        public override string TextOf(int id) => "";

        public override string Normalize(string line) => line;

        public override bool IsSameAs(SubwordModel other) => other == this;

        public override void Save(string path) => throw new NotSupportedException();
    }
}
