using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Data.Exchange;

namespace TransformerClinic.Tests.Data.Exchange;

/// <summary>Reads translators' files that tests write as text.</summary>
internal static class ExchangeText
{
    public const string Name = "memory.tmx";

    /// <summary>The pairs of a text.</summary>
    public static ExchangePairs Read(string text, string? source = null, string? target = null) =>
        Read(Encoding.UTF8.GetBytes(text), source, target);

    /// <summary>The pairs of bytes.</summary>
    public static ExchangePairs Read(byte[] bytes, string? source = null, string? target = null)
    {
        using var stream = new MemoryStream(bytes);
        return Read(stream, new LanguagePair(source, target));
    }

    /// <summary>The pairs of a stream.</summary>
    public static ExchangePairs Read(Stream stream, LanguagePair wanted)
    {
        var reading = new ExchangeReading(stream, Name, wanted);
        var pairs = reading.Pairs().ToList();
        return new ExchangePairs(
            [.. pairs.Select(read => read.Pair)],
            [.. pairs.Select(read => read.Line)],
            reading.Ledger,
            reading.Languages
        );
    }

    /// <summary>Why a text is refused.</summary>
    public static string Refusal(string text, string? source = null, string? target = null) =>
        Assert.Throws<UserErrorException>(() => Read(text, source, target)).Message;

    /// <summary>A translation memory with these units; its header names a source.</summary>
    public static string Memory(string body, string source = "de") =>
        $"""<tmx version="1.4"><header srclang="{source}"/><body>{body}</body></tmx>""";

    /// <summary>A unit with these texts.</summary>
    public static string Unit(params (string Language, string Segment)[] texts) =>
        $"<tu>{string.Concat(texts.Select(text => Variant(text.Language, text.Segment)))}</tu>";

    /// <summary>The pairs as tuples.</summary>
    public static IEnumerable<(string Source, string Target)> Texts(this ExchangePairs read) =>
        read.Pairs.Select(pair => (pair.Source, pair.Target));

    private static string Variant(string language, string segment) =>
        $"<tuv xml:lang=\"{language}\"><seg>{segment}</seg></tuv>";
}

/// <summary>All pairs of a translators' file.</summary>
/// <param name="Pairs">The pairs, in the file's order.</param>
/// <param name="Lines">The line of the file where each begins, from 1.</param>
/// <param name="Ledger">What happened to the file's units.</param>
/// <param name="Languages">The languages of source and target.</param>
internal sealed record ExchangePairs(
    IReadOnlyList<SentencePair> Pairs,
    IReadOnlyList<int> Lines,
    Ledger Ledger,
    (string Source, string Target) Languages
);
