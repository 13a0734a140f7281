using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace TransformerClinic.Cli.Commands;

/// <summary>An option of a command that sets a property of an options record: what the property may be, the command line says.</summary>
internal static class RangedOption
{
    /// <summary>The option for a property with a range.</summary>
    /// <typeparam name="TRecord">The record.</typeparam>
    /// <typeparam name="TValue">The property's type.</typeparam>
    /// <param name="property">The property's name.</param>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What it means.</param>
    public static Option<TValue?> Of<TRecord, TValue>(string property, string name, string description)
        where TValue : struct
    {
        var range = typeof(TRecord).GetProperty(property)!.GetCustomAttribute<RangeAttribute>()!;
        var option = new Option<TValue?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<TValue?>() is { } value && !range.IsValid(value))
            {
                result.AddError(FormattableString.Invariant($"{name} is from {range.Minimum} to {range.Maximum}, not {value}."));
            }
        });
        return option;
    }
}
