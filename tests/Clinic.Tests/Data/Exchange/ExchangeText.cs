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
        return ExchangeFile.Read(stream, Name, new LanguagePair(source, target));
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
