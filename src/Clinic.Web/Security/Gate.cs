using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace TransformerClinic.Web.Security;

/// <summary>
/// Who may pass: pages of other web sites may not, where keys are asked for nobody without one, and nobody too often.
/// <see cref="OpenToAll"/> and <see cref="NoRate"/> mark
/// exceptions.
/// </summary>
internal sealed class Gate : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly ServeOptions _options;
    private readonly ApiKeys? _keys;
    private readonly PartitionedRateLimiter<HttpContext>? _rate;

    /// <summary>The gate of a service.</summary>
    /// <param name="next">What is behind it.</param>
    /// <param name="options">Its options.</param>
    /// <param name="keys">The keys that it asks for.</param>
    public Gate(RequestDelegate next, ServeOptions options, KeyRing keys)
    {
        (_next, _options, _keys) = (next, options, keys.Keys);
        _rate = options.Limits.RequestsPerMinute == 0 ? null : PartitionedRateLimiter.Create<HttpContext, string>(Rate);
    }

    /// <summary>Answers a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        CheckOrigin(context.Request);
        var endpoint = context.GetEndpoint()?.Metadata;
        if (endpoint?.GetMetadata<OpenToAll>() is null)
        {
            await CheckKeyAsync(context);
        }

        if (endpoint?.GetMetadata<NoRate>() is null)
        {
            CheckRate(context);
        }

        await _next(context);
    }

    /// <inheritdoc/>
    public void Dispose() => _rate?.Dispose();

    /// <summary>
    /// A browser says which page a request is from. One of another site could make a user's browser send what only the
    /// user may.
    /// </summary>
    private void CheckOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        var own = $"{request.Scheme}://{request.Host}";
        if (origin.Length > 0 && origin != own && origin != _options.Origin)
        {
            throw new Refusal(
                StatusCodes.Status403Forbidden,
                "Pages of another site may not ask this service. Whoever runs it can allow one with --origin.",
                "origin"
            );
        }
    }

    private async Task CheckKeyAsync(HttpContext context)
    {
        if (_keys is null)
        {
            return;
        }

        var inBody = context.GetEndpoint()?.Metadata.GetMetadata<IKeyInBody>();
        var presented = PresentedKey.Of(context.Request) ?? (inBody is null ? null : await inBody.KeyAsync(context));
        if (presented is null)
        {
            throw new Refusal(
                StatusCodes.Status401Unauthorized,
                "This service asks for a key: Authorization: Bearer KEY.",
                "key"
            );
        }

        context.Items[typeof(Gate)] =
            _keys.NameOf(presented)
            ?? throw new Refusal(StatusCodes.Status403Forbidden, "This key is not known here.", "key");
    }

    private void CheckRate(HttpContext context)
    {
        using var lease = _rate?.AttemptAcquire(context);
        if (lease is { IsAcquired: false })
        {
            var seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)
                ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))
                : 1;
            throw new Refusal(
                StatusCodes.Status429TooManyRequests,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"More than {_options.Limits.RequestsPerMinute} requests in a minute. Try again in {seconds} s."
                ),
                "rate"
            )
            {
                RetryAfter = seconds,
            };
        }
    }

    private RateLimitPartition<string> Rate(HttpContext context)
    {
        var who = context.Items[typeof(Gate)] as string ?? context.Connection.RemoteIpAddress?.ToString() ?? "";
        return RateLimitPartition.GetFixedWindowLimiter(
            who,
            _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = _options.Limits.RequestsPerMinute,
                Window = TimeSpan.FromMinutes(1),
            }
        );
    }
}
