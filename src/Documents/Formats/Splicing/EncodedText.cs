using System.Text;
using TransformerClinic.Common;

namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>
/// The text of a document with its encoding: UTF-8 with or without a byte order mark, UTF-16 with one, or what the
/// document declares. Whatever is read is written again with the same bytes.
/// </summary>
internal sealed class EncodedText
{
    private readonly Encoding _encoding;
    private readonly byte[] _mark;

    private EncodedText(string text, Encoding encoding, byte[] mark) =>
        (Text, _encoding, _mark) = (text, encoding, mark);

    /// <summary>The text, without the byte order mark.</summary>
    public string Text { get; }

    /// <summary>The encoding's name.</summary>
    public string EncodingName => _encoding.WebName;

    /// <summary>Reads a document's text.</summary>
    /// <param name="source">The document.</param>
    /// <param name="declared">Finds the encoding that the first bytes declare; null if nothing can.</param>
    /// <exception cref="UserErrorException">It is not text, is too long, or its encoding is not known.</exception>
    public static EncodedText Read(DocumentSource source, Func<ReadOnlySpan<byte>, string?>? declared = null) =>
        Of(source.Bytes(Math.Min(source.Limits.MostBytes, source.Limits.MostTextBytes)), source, declared);

    /// <summary>The text of bytes.</summary>
    /// <inheritdoc cref="Read"/>
    public static EncodedText Of(
        byte[] bytes,
        DocumentSource source,
        Func<ReadOnlySpan<byte>, string?>? declared = null
    )
    {
        var (encoding, mark) = EncodingOf(bytes, source, declared);
        try
        {
            var text = encoding.GetString(bytes.AsSpan(mark.Length));
            return text.Contains('\0', StringComparison.Ordinal)
                    ? throw source.Wrong("there is a NUL character, which text never contains. " + HowToConvert)
                : !encoding.GetBytes(text).AsSpan().SequenceEqual(bytes.AsSpan(mark.Length))
                    ? throw source.Wrong($"the bytes cannot be kept in {encoding.WebName}. {HowToConvert}")
                : new EncodedText(text, encoding, mark);
        }
        catch (Exception damaged) when (damaged is DecoderFallbackException or EncoderFallbackException)
        {
            throw source.Wrong($"this is not text in {encoding.WebName}. {HowToConvert}", damaged);
        }
    }

    /// <summary>Writes another text in the same encoding; characters that it lacks become references.</summary>
    public void WriteWith(string text, Stream output)
    {
        output.Write(_mark);
        var encoding = (Encoding)_encoding.Clone();
        encoding.EncoderFallback =
            _mark.Length > 0 || _encoding is UTF8Encoding
                ? EncoderFallback.ReplacementFallback
                : new ReferenceFallback();
        output.Write(encoding.GetBytes(text));
    }

    private const string HowToConvert =
        "Documents are read in UTF-8, in UTF-16 with a byte order mark, and HTML and XML in the encoding that they "
        + "declare: convert it first, for example with: iconv -f windows-1252 -t utf-8";

    private static (Encoding Encoding, byte[] Mark) EncodingOf(
        byte[] bytes,
        DocumentSource source,
        Func<ReadOnlySpan<byte>, string?>? declared
    )
    {
        switch (bytes)
        {
            case [0xEF, 0xBB, 0xBF, ..]:
                return (Strict(Encoding.UTF8), bytes[..3]);
            case [0xFF, 0xFE, 0, 0, ..]:
            case [0, 0, 0xFE, 0xFF, ..]:
                throw source.Wrong("its byte order mark says that this is UTF-32. " + HowToConvert);
            case [0xFF, 0xFE, ..]:
                return (Strict(Encoding.Unicode), bytes[..2]);
            case [0xFE, 0xFF, ..]:
                return (Strict(Encoding.BigEndianUnicode), bytes[..2]);
        }

        var name = declared?.Invoke(bytes);
        return name is null || name.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? (Strict(Encoding.UTF8), [])
            : (
                Strict(Known(name) ?? throw source.Wrong($"the encoding '{Short(name)}' is not known. {HowToConvert}")),
                []
            );
    }

    private static string Short(string name) => name.Length <= 40 ? name : name[..40];

    private static Encoding? Known(string name)
    {
        try
        {
            // What browsers do: the older name means the larger set.
            var meant = name.ToUpperInvariant() is "ISO-8859-1" or "LATIN1" or "US-ASCII" or "ASCII"
                ? "windows-1252"
                : name;
            var known = CodePagesEncodingProvider.Instance.GetEncoding(meant) ?? Encoding.GetEncoding(meant);
            return known.GetBytes("<a>") is [(byte)'<', (byte)'a', (byte)'>'] ? known : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        (strict.EncoderFallback, strict.DecoderFallback) = (
            EncoderFallback.ExceptionFallback,
            DecoderFallback.ExceptionFallback
        );
        return strict;
    }
}
