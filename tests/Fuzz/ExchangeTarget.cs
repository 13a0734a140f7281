using System.Text;
using System.Text.RegularExpressions;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Data.Exchange.Tmx;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The reader of translators' files: what it accepts must be accounted for, unit by unit, and must be the same once it
/// is written as a translation memory.
/// </summary>
/// <param name="name">The target's name.</param>
/// <param name="file">The file's name.</param>
/// <param name="seeds">Inputs to begin with.</param>
internal abstract partial class ExchangeTarget(string name, string file, params string[] seeds) : FileTarget(name, file)
{
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. seeds.Select(Encoding.UTF8.GetBytes),
        [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(seeds[0])],
    ];

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        random.Next(3) == 0 ? ByteMutator.Mutate(input, other, random) : MarkupMutator.Mutate(input, other, random);

    /// <summary>The first clause: what follows names elements, languages and characters of the file.</summary>
    protected override string Reason(string message)
    {
        var clause = message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..];
        var unquoted = Quoted().Replace(clause, "");
        return MessageTemplate.Of(unquoted.Split([". ", ": ", ", hexadecimal", "'"], StringSplitOptions.None)[0]);
    }

    protected override string Read(string path, byte[] input)
    {
        var text = ParallelText.Read(new(path), Folder, new LanguagePair("de", "en"));
        var ledger = text.Reading;
        Require(ledger.Kept == text.Pairs.Count && ledger.Kept > 0, "pairs are kept that are not there");
        Require(ledger.Read == ledger.Kept + ledger.Dropped.Sum(entry => entry.Count), "a unit is not accounted for");
        Require(
            Enumerable.Range(1, text.Pairs.Count - 1).All(i => text.LineOf(i) >= text.LineOf(i - 1)),
            "the lines are not in order"
        );

        var copy = Path.Combine(Folder, "copy.tmx");
        using (var stream = File.Create(copy))
        {
            TmxWriter.Write(stream, "de", "en", text.Pairs.Select(pair => new TmxUnit(pair, [])));
        }

        Require(
            Copied(copy).SequenceEqual(text.Pairs),
            "the pairs are not the same when they are written and read again"
        );
        return $"{Math.Min(text.Pairs.Count, 3)} pairs, {Math.Min(ledger.Dropped.Count, 2)} reasons to drop"
            + $"{(ledger.Changed is null ? "" : ", changed")}";
    }

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted();

    private IReadOnlyList<SentencePair> Copied(string path)
    {
        try
        {
            return ParallelText.Read(new(path), Folder, new LanguagePair("de", "en")).Pairs;
        }
        catch (UserErrorException refused)
        {
            throw new InvalidDataException("what was written is refused", refused);
        }
    }
}

/// <summary>The reader of translation memories.</summary>
internal sealed class TmxTarget()
    : ExchangeTarget(
        "tmx",
        "memory.tmx",
        """
        <?xml version="1.0"?>
        <!DOCTYPE tmx SYSTEM "tmx14.dtd">
        <tmx version="1.4"><header creationtool="x" srclang="de" datatype="plaintext"><note>n</note></header><body>
        <tu tuid="1"><prop type="x">p</prop>
        <tuv xml:lang="de"><seg>Ein <bpt i="1">&lt;b></bpt>Haus<ept i="1"/></seg></tuv>
        <tuv xml:lang="en-US"><seg>a <hi>house</hi><ph type="lb"/>.</seg></tuv></tu>
        <tu><tuv xml:lang="de"><seg>zwei</seg></tuv></tu>
        <tu srclang="en"><tuv lang="EN"><seg>three</seg></tuv><tuv lang="DE"><seg>drei</seg></tuv></tu>
        </body></tmx>
        """,
        "<tmx><body><tu><tuv xml:lang='fr'><seg>a</seg></tuv><tuv xml:lang='it'><seg>b</seg></tuv></tu></body></tmx>"
    );

/// <summary>The reader of XLIFF.</summary>
internal sealed class XliffTarget()
    : ExchangeTarget(
        "xliff",
        "file.xlf",
        """
        <?xml version="1.0"?>
        <xliff version="1.2"><file source-language="de-DE" target-language="en"><body><group>
        <trans-unit id="1"><source>Haus <x id="1"/></source><target state="translated"><g id="1">house</g></target>
        <alt-trans><source>no</source><target>no</target></alt-trans></trans-unit></group>
        <trans-unit id="2"><source>A. B.</source>
        <seg-source><mrk mtype="seg" mid="1">A.</mrk> <mrk mtype="seg" mid="2">B.</mrk></seg-source>
        <target><mrk mtype="seg" mid="2">b.</mrk> <mrk mtype="seg" mid="1">a.</mrk></target></trans-unit>
        <trans-unit id="3"><source>C</source><target state="new"/></trans-unit>
        </body></file></xliff>
        """,
        """
        <xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="de" trgLang="en"><file id="f">
        <unit id="u"><segment state="final"><source>Sag <pc id="1">hallo</pc></source>
        <target>say <ph id="2"/>hello</target></segment>
        <ignorable><source> </source></ignorable><segment><source>x</source></segment></unit></file></xliff>
        """
    );
