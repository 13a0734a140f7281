using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding.Search;

[Trait("Speed", "Slow")]
public sealed class ConstraintTests
{
    private static readonly string[] Words =
    [
        "the",
        "old",
        "river",
        "a",
        "bird",
        "sees",
        "cat",
        "tree",
        "e.g.",
        "quiet",
    ];

    private static readonly SubwordModel Subwords = SubwordModel.Learn(
        Enumerable.Range(0, 9).Select(i => string.Join(' ', Words[i..])),
        new SubwordOptions { Merges = 12, MinPairCount = 1 }
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("the cat sat", "cat", true)]
    [InlineData("the cats sat", "cat", false)]
    [InlineData("concat it", "cat", false)]
    [InlineData("(cat)", "cat", true)]
    [InlineData("cats and a cat", "cat", true)]
    [InlineData("cat2", "cat", false)]
    [InlineData("the cat sat", "the cat", true)]
    [InlineData("the cat sat", "the c", false)]
    [InlineData("stop!!", "!", true)]
    [InlineData("cafe\u0301", "cafe", false)]
    [InlineData("打开文件夹", "文件", true)]
    [InlineData("", "cat", false)]
    public void A_phrase_is_found_only_as_whole_words(string text, string phrase, bool found) =>
        Assert.Equal(found, WholeWords.Contain(text, phrase));

    [Fact]
    public void No_output_contains_a_banned_word_however_it_is_spelled()
    {
        var met = 0;
        Gen.Select(Gen.Long[0, 1000], Gen.Int[1, 3])
            .Sample(
                (seed, count) =>
                {
                    met += WithoutBannedWords(seed, count);
                },
                iter: 15,
                threads: 1
            );
        Assert.True(met > 15, $"only {met} of 30 translations did without the banned words");
    }

    /// <summary>Of this model every continuation and the end are ruled out together.</summary>
    [Fact]
    public void A_model_that_can_say_nothing_without_a_banned_word_says_so() =>
        Assert.InRange(WithoutBannedWords(seed: 643, count: 2), 0, 1);

    [Fact]
    public void Every_output_contains_the_required_words() =>
        Gen.Select(Gen.Long[0, 1000], Gen.Int[1, 5], Gen.Shuffle(Words))
            .Sample(
                (seed, beam, words) =>
                {
                    using var scope = NewDisposeScope();
                    var options = new DecodingOptions
                    {
                        Beam = beam,
                        MaxLengthA = 0,
                        MaxLengthB = 60,
                    };
                    using var translator = new Translator(
                        SmallModel.Create(Subwords.Vocabulary.Count, seed),
                        Subwords,
                        options,
                        workers: 1
                    );
                    string[] required = [words[0], $"{words[1]} {words[2]}"];

                    var translation = translator.Translate([
                        new TranslationRequest("the old river") { Required = required },
                    ])[0];

                    Assert.Null(translation.Problem);
                    Assert.All(
                        translation.Hypotheses,
                        hypothesis =>
                            Assert.All(
                                required,
                                phrase => Assert.True(WholeWords.Contain(Subwords.Decode(hypothesis.Tokens), phrase))
                            )
                    );
                },
                iter: 15,
                threads: 1
            );

    [Fact]
    public void Requirements_that_cannot_be_satisfied_are_reported()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Subwords.Vocabulary.Count, 5);
        using var translator = new Translator(
            model,
            Subwords,
            new DecodingOptions
            {
                Beam = 2,
                MaxLengthA = 0,
                MaxLengthB = 1,
            },
            workers: 1
        );
        using var sampler = new Translator(
            [model],
            Subwords,
            new DecodingOptions(),
            new TranslatorOptions { Method = new Sampling(), Workers = 1 }
        );
        var required = new TranslationRequest("a bird") { Required = ["the quiet river"] };

        var translation = translator.Translate([required], cancellation: Cancellation)[0];

        Assert.StartsWith(
            "No translation was found that contains the quiet river.",
            translation.Problem,
            StringComparison.Ordinal
        );
        Assert.NotEmpty(translation.Hypotheses);
        Assert.Contains(
            "need beam search",
            Assert.Throws<UserErrorException>(() => sampler.Translate([required], cancellation: Cancellation)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "prefix has",
            translator
                .Translate(
                    [new TranslationRequest("a bird") { Prefix = new string('x', 100) }],
                    cancellation: Cancellation
                )[0]
                .Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_translation_starts_with_its_prefix()
    {
        using var scope = NewDisposeScope();
        using var translator = new Translator(
            SmallModel.Create(Subwords.Vocabulary.Count, 5),
            Subwords,
            new DecodingOptions { Beam = 2 },
            workers: 1
        );

        var translations = translator.Translate(
            [new TranslationRequest("a bird") { Prefix = "the quiet" }, new TranslationRequest("a bird")],
            cancellation: Cancellation
        );

        Assert.All(
            translations[0].Hypotheses,
            hypothesis => Assert.StartsWith("the quiet", Subwords.Decode(hypothesis.Tokens), StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            translations[1].Hypotheses,
            hypothesis => Subwords.Decode(hypothesis.Tokens).StartsWith("the quiet", StringComparison.Ordinal)
        );
    }

    /// <summary>Bans words that a model says and gives how many of its translations do without them.</summary>
    private static int WithoutBannedWords(long seed, int count)
    {
        using var scope = NewDisposeScope();
        var options = new DecodingOptions
        {
            Beam = 3,
            MaxLengthA = 0,
            MaxLengthB = 12,
            MinLength = 6,
        };
        using var translator = new Translator(
            SmallModel.Create(Subwords.Vocabulary.Count, seed),
            Subwords,
            options,
            workers: 1
        );
        var plain = translator.Translate(["the old river", "a bird"]);

        // Words that the model would have said: whole ones and one that ends with a sign.
        string[] banned =
        [
            .. plain
                .SelectMany(translation => translation.Text.Split(' '))
                .Where(word => word.Length > 0 && !word.Contains('\uFFFD', StringComparison.Ordinal))
                .Distinct()
                .Take(count),
            "e.g.",
        ];
        var translations = translator.Translate([
            .. plain.Select((_, i) => new TranslationRequest(i == 0 ? "the old river" : "a bird") { Banned = banned }),
        ]);

        foreach (
            var hypothesis in translations
                .Where(translation => translation.Problem is null)
                .SelectMany(translation => translation.Hypotheses)
        )
        {
            Assert.DoesNotContain(banned, word => WholeWords.Contain(Subwords.Decode(hypothesis.Tokens), word));
        }

        return translations.Count(translation => translation.Problem is null);
    }
}
