using System.Globalization;
using Microsoft.AspNetCore.Http;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Api.LibreTranslate;

/// <summary>What is refused, in the words that LibreTranslate's clients look for.</summary>
internal static class LibreTranslateRefusals
{
    /// <summary>A parameter is missing.</summary>
    public static Refusal Missing(string name) => Refusal.Invalid($"Invalid request: missing {name} parameter");

    /// <summary>A parameter is not a number.</summary>
    public static Refusal NotANumber(string name) =>
        Refusal.Invalid($"Invalid request: {name} parameter is not a number");

    /// <summary>A parameter is larger than is allowed.</summary>
    public static Refusal TooLarge(string name, int limit) =>
        Refusal.Invalid($"Invalid request: {name} parameter must be <= {limit.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>There are too many texts.</summary>
    public static Refusal TooManyTexts(int count, int limit) =>
        new(StatusCodes.Status400BadRequest, Exceeds(count, "text limit", limit), "size");

    /// <summary>A text has too many characters.</summary>
    public static Refusal TooManyCharacters(int count, int limit) =>
        new(StatusCodes.Status400BadRequest, Exceeds(count, "character limit", limit), "size");

    /// <summary>No model reads or writes the language.</summary>
    public static Refusal Language(string code) =>
        new(StatusCodes.Status400BadRequest, $"{code} is not supported", "model");

    /// <summary>It cannot be told which language a text is in.</summary>
    public static Refusal Ambiguous(IEnumerable<string> sources) =>
        new(
            StatusCodes.Status400BadRequest,
            "auto is not supported for this text, whose language cannot be told. Choose one: "
                + $"{string.Join(", ", sources)}.",
            "model"
        );

    /// <summary>The languages are served, but not this way.</summary>
    public static Refusal Pair(ServedPair pair) =>
        new(
            StatusCodes.Status400BadRequest,
            $"{LanguageCode.EnglishName(pair.Target)} ({pair.Target}) is not available as a target language from "
                + $"{LanguageCode.EnglishName(pair.Source)} ({pair.Source})",
            "model"
        );

    /// <summary>There is no such format.</summary>
    public static Refusal Format(string format) => Refusal.Invalid($"{format} format is not supported");

    private static string Exceeds(int count, string limitName, int limit) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Invalid request: request ({count}) exceeds {limitName} ({limit})"
        );
}
