using System.Text;

namespace TransformerClinic.Text.SentencePiece;

/// <summary>
/// Normalizes text as SentencePiece does: from left to right, the longest start that the model's map replaces, or else
/// one character; spaces as the options say. Text is UTF-8.
/// </summary>
/// <param name="options">How.</param>
/// <param name="whole">Pieces that are left as they are, those that the user of SentencePiece defined.</param>
internal sealed class PieceNormalizer(NormalizerOptions options, PieceIndex whole)
{
    private const byte Space = (byte)' ';

    private static readonly byte[] Replacement = "\uFFFD"u8.ToArray();
    private static readonly byte[] Escaped = "\u2581"u8.ToArray();

    private byte[] SpaceText => options.EscapeWhitespaces ? Escaped : [Space];

    /// <summary>The normalized text.</summary>
    public byte[] Normalize(ReadOnlySpan<byte> text)
    {
        var result = new List<byte>(text.Length + Escaped.Length);
        text = WithoutLeadingSpaces(text);
        if (text.IsEmpty)
        {
            return [];
        }

        if (options is { AddDummyPrefix: true, WhitespaceAsSuffix: false })
        {
            result.AddRange(SpaceText);
        }

        var afterSpace = options.RemoveExtraWhitespaces;
        while (!text.IsEmpty)
        {
            var length = Prefix(text, out var part);
            text = text[length..];
            Append(result, afterSpace ? part.TrimStart(Space) : part, ref afterSpace);
        }

        RemoveTrailingSpaces(result);
        if (options is { AddDummyPrefix: true, WhitespaceAsSuffix: true })
        {
            result.AddRange(SpaceText);
        }

        return [.. result];
    }

    private ReadOnlySpan<byte> WithoutLeadingSpaces(ReadOnlySpan<byte> text)
    {
        while (options.RemoveExtraWhitespaces && !text.IsEmpty)
        {
            var length = Prefix(text, out var part);
            if (!part.SequenceEqual(" "u8))
            {
                break;
            }

            text = text[length..];
        }

        return text;
    }

    private void Append(List<byte> result, ReadOnlySpan<byte> part, ref bool afterSpace)
    {
        foreach (var value in part)
        {
            if (value == Space)
            {
                result.AddRange(SpaceText);
            }
            else
            {
                result.Add(value);
            }
        }

        if (!part.IsEmpty)
        {
            afterSpace = part[^1] == Space;
        }

        afterSpace &= options.RemoveExtraWhitespaces;
    }

    private void RemoveTrailingSpaces(List<byte> result)
    {
        var space = SpaceText;
        while (
            options.RemoveExtraWhitespaces
            && result.Count >= space.Length
            && result.TakeLast(space.Length).SequenceEqual(space)
        )
        {
            result.RemoveRange(result.Count - space.Length, space.Length);
        }
    }

    /// <summary>What the first bytes of a text become, and how many they are.</summary>
    private int Prefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> part)
    {
        if (whole.Longest(text, out _) is > 0 and var length)
        {
            part = text[..length];
            return length;
        }

        if (options.Map is { } map && map.Longest(text, out part) is > 0 and var replaced)
        {
            return replaced;
        }

        // Of bytes that are not UTF-8, one at a time is replaced.
        var isCharacter = Rune.DecodeFromUtf8(text, out _, out var bytes) == System.Buffers.OperationStatus.Done;
        part = isCharacter ? text[..bytes] : Replacement;
        return isCharacter ? bytes : 1;
    }
}
