using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Prometheus;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Operation;

/// <summary><c>/metrics</c> in Prometheus' format: the service's own instruments and the server's.</summary>
internal sealed class PrometheusMetrics : IDisposable
{
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    private static readonly double[] Counts = [1, 2, 4, 8, 16, 32, 64, 128, 256];
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly IDisposable _listener;

    /// <summary>Begins to listen to the instruments.</summary>
    /// <param name="service">The service's own.</param>
    public PrometheusMetrics(ServiceMetrics service) =>
        _listener = MeterAdapter.StartListening(
            new MeterAdapterOptions
            {
                Registry = _registry,
                MetricFactory = Metrics.WithCustomRegistry(_registry),
                MetricsExpireAfter = TimeSpan.FromDays(1),
                ResolveHistogramBuckets = BucketsOf,
                InstrumentFilterPredicate = instrument =>
                    service.Owns(instrument) || instrument.Meter.Name == "Microsoft.AspNetCore.Hosting",
            }
        );

    /// <summary>Adds the address.</summary>
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapMetrics("/metrics", _registry).WithMetadata(new NoRate());

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static double[] BucketsOf(Instrument instrument) => instrument.Unit == "s" ? Seconds : Counts;
}
