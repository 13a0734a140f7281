using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Reproduction.Claims;

/// <summary>What a study says of its claim.</summary>
public enum ClaimVerdict
{
    /// <summary>Every condition is met.</summary>
    Holds,

    /// <summary>A condition is not met.</summary>
    DoesNotHold,

    /// <summary>No condition is violated, but one could not be decided.</summary>
    Inconclusive,
}

/// <summary>One condition of a claim's criterion with its measurement.</summary>
/// <param name="Text">The condition, with its threshold.</param>
/// <param name="Measured">The measurement, in words and numbers.</param>
/// <param name="Met">Whether it is met; null if the measurement does not decide it.</param>
public sealed record Condition(string Text, string Measured, bool? Met)
{
    /// <summary>The condition that a value is below a limit; a value that is not finite is not.</summary>
    public static Condition Below(string what, double value, double limit) =>
        new($"{what} is below {Number(limit)}", Number(value), value < limit);

    /// <summary>The condition that a value is above a limit; a value that is not finite is not.</summary>
    public static Condition Above(string what, double value, double limit) =>
        new($"{what} is above {Number(limit)}", Number(value), double.IsFinite(value) && value > limit);

    /// <summary>The condition that a value is between two limits.</summary>
    public static Condition Between(string what, double value, double low, double high) =>
        new($"{what} is between {Number(low)} and {Number(high)}", Number(value), value >= low && value <= high);

    /// <summary>The same condition where something else is so; undecided where it is not.</summary>
    public Condition If(bool isSo) => isSo ? this : this with { Met = null };

    /// <summary>The verdict that follows from conditions: a violated one refutes the claim.</summary>
    public static ClaimVerdict VerdictOf(IReadOnlyList<Condition> conditions) =>
        conditions.Any(condition => condition.Met == false) ? ClaimVerdict.DoesNotHold
        : conditions.Count == 0 || conditions.Any(condition => condition.Met is null) ? ClaimVerdict.Inconclusive
        : ClaimVerdict.Holds;

    /// <summary>A number with three digits.</summary>
    public static string Number(double value) =>
        double.IsFinite(value) ? Numbers.ThreeDigits(value) : value.ToString(CultureInfo.InvariantCulture);
}
