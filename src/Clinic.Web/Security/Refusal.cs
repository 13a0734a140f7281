using Microsoft.AspNetCore.Http;

namespace TransformerClinic.Web.Security;

/// <summary>A request that is refused: thrown where that is found, worded by the interface that the client
/// speaks.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">What is wrong and how to mend it, for the client's user.</param>
/// <param name="reason">A word for the metrics.</param>
internal sealed class Refusal(int status, string message, string reason) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>A word for the metrics.</summary>
    public string Reason => reason;

    /// <summary>Seconds after which to try again; null if that would not help.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The request cannot be understood.</summary>
    public static Refusal Invalid(string message) => new(StatusCodes.Status400BadRequest, message, "invalid");

    /// <summary>The request asks for more than a limit allows.</summary>
    public static Refusal TooLarge(string message) => new(StatusCodes.Status413PayloadTooLarge, message, "size");
}
