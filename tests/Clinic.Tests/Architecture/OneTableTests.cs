using System.Text.RegularExpressions;
using TransformerClinic.Model;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// Where a sublayer is has one encoding, <see cref="SublayerAddress"/>, and a variant's names are in one table: nobody
/// else spells their words.
/// </summary>
public partial class OneTableTests
{
    private const string AddressTable = "src/Clinic/Model/SublayerWords.cs";
    private const string VariantTable = "src/Clinic/Model/VariantNames.cs";

    private const string CTranslate2 = "src/Clinic/Interop/CTranslate2/CTranslate2File.cs";
    private const string FairseqReading = "src/Clinic/Interop/Fairseq/ReadFairseqOptions.cs";
    private const string FairseqWriting = "src/Clinic/Interop/Fairseq/FairseqNamespace.cs";

    /// <summary>Files that spell what is a sublayer's module here and a word of their own there.</summary>
    private static readonly string[] WithNamesOfTheirOwn = [CTranslate2, FairseqReading, FairseqWriting];

    /// <summary>Files that spell a sublayer's words, with the reason.</summary>
    private static readonly Dictionary<string, string> MaySpellSublayers = new()
    {
        [AddressTable] = "the table itself",
        ["src/Clinic/Diagnosis/Findings/DiagnosisVerdict.cs"] = "a verdict's sentences",
        ["src/Clinic/Folding/FoldableSublayer.cs"] = "a message about branches of other kinds",
        [CTranslate2] = "the format's own names",
        [FairseqReading] = "fairseq's options",
        [FairseqWriting] = "fairseq's options",
        ["src/Clinic/Interop/Marian/MarianOptions.cs"] = "Marian's options",
        ["src/Clinic/Interop/Marian/MarianWriter.cs"] = "Marian's options",
        ["src/Clinic/Reports/Diagnoses/DiagnosisDrawings.cs"] = "titles and captions of figures",
        ["src/Clinic/Reports/Figures/DiagnosisFigure.cs"] = "a title of a figure",
        ["src/Reproduction/Studies/DecoderOnlyStudy.cs"] = "the paper's claim in sentences",
        ["src/Reproduction/Studies/GradientNormStudy.cs"] = "the paper's claim in sentences",
        ["src/Reproduction/Studies/OmegaStudy.cs"] = "a setting's name: the width of the feed-forward sublayer",
        ["src/Reproduction/Studies/UpdateBalanceStudy.cs"] = "the paper's claim in sentences",
    };

    /// <summary>Files that spell a stack's name or path, with the reason.</summary>
    private static readonly Dictionary<string, string> MaySpellStacks = new()
    {
        [AddressTable] = "the table itself",
        [CTranslate2] = "the format's own names",
        ["src/Clinic/Interop/HuggingFace/TokenizerFile.cs"] = "the part of a tokenizer that makes text of pieces",
        ["src/Residuals/ResidualChains.cs"] = "the library knows no model of ours: parts of any model's module paths",
    };

    /// <summary>Files that spell a variant's key or name as a whole string, with the reason.</summary>
    private static readonly Dictionary<string, string> MaySpellVariants = new()
    {
        [VariantTable] = "the table itself",
        ["src/Clinic/Interop/Fairseq/FairseqVariants.cs"] = "the names in the authors' files",
        ["src/Reproduction/Studies/Remedies/B2tStudy.cs"] = "the study's own name",
        ["src/Reproduction/Studies/RezeroStudy.cs"] = "the study's own name",
    };

    private static readonly IReadOnlyList<SourceFile> Source = SourceFile.Below(["src"], ".cs");

    [Fact]
    public void Words_of_a_sublayer_are_spelled_only_in_its_table() =>
        AssertOnly(MaySpellSublayers, Spelling(SublayerWord()));

    [Fact]
    public void Names_of_sublayers_modules_are_spelled_in_no_other_file_at_all() =>
        Assert.Equal([AddressTable], Spelling(ModuleName()).Except(WithNamesOfTheirOwn));

    [Fact]
    public void Names_of_the_stacks_are_spelled_only_in_the_table() => AssertOnly(MaySpellStacks, Spelling(Stack()));

    [Fact]
    public void Keys_and_names_of_variants_are_spelled_only_in_their_table()
    {
        // The key of ResiDual is the name of the module that every connection is, too.
        var names = Enum.GetValues<ResidualVariant>()
            .SelectMany(variant => (string[])[variant.Key(), variant.Name()])
            .Except(["residual"]);
        var spelled = new Regex($"\"(?:{string.Join('|', names.Select(Regex.Escape))})\"");

        AssertOnly(MaySpellVariants, Spelling(spelled));
    }

    [Theory]
    [InlineData("""register_module("self_attention", x);""", true)]
    [InlineData("""string[] names = ["self-attention"];""", true)]
    [InlineData("""$"encoder layer {i + 1}, feed-forward";""", true)]
    [InlineData("var a = b; // as self-attention does", false)]
    [InlineData("SublayerKind.SelfAttention", false)]
    public void Words_are_found_in_code_and_not_in_comments(string line, bool found) =>
        Assert.Equal(found, SublayerWord().IsMatch(WithoutComment(line)));

    [Theory]
    [InlineData("""Watch(model, "encoder", 2);""", true)]
    [InlineData("""const string Path = "decoder.layers.0.x";""", true)]
    [InlineData("""$"encoder layer {i + 1}";""", true)]
    [InlineData("""options + "--set model.decoder.layers=6";""", false)]
    [InlineData("encoder.Layers", false)]
    [InlineData("""$"the encoder's output";""", false)]
    public void Stacks_are_found_as_names_and_not_in_prose_or_keys_of_recipes(string line, bool found) =>
        Assert.Equal(found, Stack().IsMatch(WithoutComment(line)));

    /// <summary>No other file spells them, and each file of the list does.</summary>
    private static void AssertOnly(Dictionary<string, string> listed, IEnumerable<string> spelling) =>
        Assert.Equal(listed.Keys.Order(StringComparer.Ordinal), spelling);

    private static IEnumerable<string> Spelling(Regex words) =>
        Source
            .Where(file => file.Code.Any(line => words.IsMatch(WithoutComment(line))))
            .Select(file => file.Path)
            .Order(StringComparer.Ordinal);

    private static string WithoutComment(string line) => TrailingComment().Replace(line, "");

    // With a hyphen or an underscore they are not identifiers of C#: whatever is found is in a string.
    [GeneratedRegex("(?:self|cross)[-_]attention|feed[-_]forward", RegexOptions.IgnoreCase)]
    private static partial Regex SublayerWord();

    [GeneratedRegex("(?:self|cross)_attention|feed_forward")]
    private static partial Regex ModuleName();

    [GeneratedRegex("\"(?:en|de)coder(?:\"| layer \\{)|(?<!model\\.)(?<![\\w.])(?:en|de)coder\\.layers")]
    private static partial Regex Stack();

    [GeneratedRegex("//[^\"]*$")]
    private static partial Regex TrailingComment();
}
