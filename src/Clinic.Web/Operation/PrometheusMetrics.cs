using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Prometheus;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Operation;

/// <summary><c>/metrics</c> in Prometheus' format: the service's own instruments and the server's.</summary>
internal sealed class PrometheusMetrics : IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly IDisposable _listener;

    /// <summary>Begins to listen to the instruments.</summary>
    public PrometheusMetrics() =>
        _listener = MeterAdapter.StartListening(
            new MeterAdapterOptions
            {
                Registry = _registry,
                InstrumentFilterPredicate = instrument =>
                    instrument.Meter.Name is ServiceMetrics.MeterName or "Microsoft.AspNetCore.Hosting",
            }
        );

    /// <summary>Adds the address.</summary>
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapMetrics("/metrics", _registry).WithMetadata(new NoRate());

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
