using System.CommandLine;
using System.CommandLine.Parsing;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;
using System.Reflection;

namespace TransformerClinic.Cli.Options;

/// <summary>
/// A number on the command line within a range, both ends included; anything else is refused with a message.
/// </summary>
internal static class RangedOption
{
    /// <summary>The option that sets a property of an options record; the record says what values are
    /// allowed.</summary>
    /// <typeparam name="TRecord">The record.</typeparam>
    /// <typeparam name="TValue">The property's type.</typeparam>
    /// <param name="property">The property's name.</param>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What it means.</param>
    public static Option<TValue?> Of<TRecord, TValue>(string property, string name, string description)
        where TValue : struct, INumber<TValue>
    {
        static TValue Number(object limit) =>
            TValue.CreateChecked(Convert.ToDouble(limit, CultureInfo.InvariantCulture));
        var range = typeof(TRecord).GetProperty(property)!.GetCustomAttribute<RangeAttribute>()!;
        return Of(name, description, Number(range.Minimum), Number(range.Maximum));
    }

    /// <summary>An option that is not in any record.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What it means.</param>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest value.</param>
    public static Option<TValue?> Of<TValue>(string name, string description, TValue least, TValue most)
        where TValue : struct, INumber<TValue> =>
        new(name) { Description = description, CustomParser = argument => Parse(argument, name, least, most) };

    private static TValue? Parse<TValue>(ArgumentResult argument, string name, TValue least, TValue most)
        where TValue : struct, INumber<TValue>
    {
        if (argument.Tokens is not [{ Value: var text }])
        {
            return null; // the library has a message for that
        }

        var isNumber = TValue.TryParse(text, CultureInfo.InvariantCulture, out var value);
        if (isNumber && value >= least && value <= most)
        {
            return value;
        }

        var kind =
            isNumber ? ""
            : typeof(TValue) == typeof(double) ? "a number "
            : "a whole number ";
        argument.AddError(FormattableString.Invariant($"{name} is {kind}from {least} to {most}, not {text}."));
        return null;
    }
}
