using Microsoft.Extensions.Hosting;

namespace TransformerClinic.Web.Models;

/// <summary>Looks every two seconds whether a model appeared, was replaced or was removed.</summary>
internal sealed class ModelWatcher(ModelCatalog catalog, ServiceLog log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Refresh();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    private void Refresh()
    {
        try
        {
            catalog.Refresh();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.Say($"models: the folder cannot be read: {exception.Message}");
        }
    }
}
