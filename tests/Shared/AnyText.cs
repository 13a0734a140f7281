using CsCheck;

namespace TransformerClinic.Tests.Shared;

/// <summary>Generators of text as it may come: all of Unicode, with much of what breaks programs.</summary>
internal static class AnyText
{
    private static readonly string[] Oddities =
    [
        " ",
        "  ",
        "\t",
        "\r",
        "\n",
        "\u0085",
        "\u00A0",
        "\u2028",
        "\u2029",
        "\u3000",
        "\u200B",
        "\uFEFF",
        "\u00AD",
        "\u2060",
        "\u200D",
        "\u200C",
        "\u202E",
        "\u0080",
        "\0",
        "\u0001",
        "\u001F",
        "\u007F",
        "\uD800",
        "\uDFFF",
        "\uFFFE",
        "\uFFFF",
        "\uFDD0",
        "\U0010FFFF",
        "\u0301",
        "\u0308\u0301",
        "e\u0301",
        "\u00E9",
        "\u1E9B\u0323",
        "\uFB01",
        "\u00A8",
        "\u2581",
        "<s>",
        "</s>",
        "<unk>",
        "<pad>",
        "<0x41>",
        "##",
        "@@ ",
        "👩‍👩‍👧",
        "☺\uFE0F",
        "ﷺ",
        "각",
        "\u1100\u1161\u11A8",
        "1234567890",
        "٣",
        "²",
        "Ⅻ",
        "Straße",
        "über",
        "the",
        " file",
        "LibreOffice",
        "...",
        "\"",
        "\\",
        "word",
        new string('a', 70),
        new string('=', 130),
    ];

    private static readonly Gen<string> Piece = Gen.Frequency(
        (3, Gen.Char[' ', '~'].Select(c => c.ToString())),
        (2, Gen.Char.Select(c => c.ToString())),
        (1, Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32)),
        (4, Gen.Int[0, Oddities.Length - 1].Select(i => Oddities[i]))
    );

    /// <summary>A text of up to some dozens of characters.</summary>
    public static readonly Gen<string> Line = Piece.Array[0, 24].Select(string.Concat);
}
