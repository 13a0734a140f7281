using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Runs;
using TransformerClinic.Web.Tests;

[assembly: AssemblyFixture(typeof(FilesInMemory))]
[assembly: AssemblyFixture(typeof(OneTorchThread))]
[assembly: AssemblyFixture(typeof(ServedModelFixture))]

namespace TransformerClinic.Web.Tests;

/// <summary>
/// A folder with a small model from German to English, <c>tiny</c>, and services that serve it on ports of their own.
/// </summary>
public sealed class ServedModelFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lock _lock = new();
    private readonly TrainedModel _model;
    private readonly Translator _translator;
    private RunningService? _service;

    public ServedModelFixture()
    {
        TinyModels.Write(Path.Combine(_folder.FullName, "tiny"));
        _model = TrainedModel.Load(Path.Combine(_folder.FullName, "tiny"), Devices.Open(DeviceName.Cpu));
        _translator = new Translator(_model.Model, _model.Subwords, _model.Config.Decoding, workers: 1);
    }

    /// <summary>The folder of models.</summary>
    public string Models => _folder.FullName;

    /// <summary>A service with the default options but for the rate, for tests that only ask.</summary>
    internal RunningService Service => _service ?? throw new InvalidOperationException("It has not started yet.");

    /// <summary>Starts a service of its own.</summary>
    /// <param name="change">What is not as in <see cref="Service"/>.</param>
    internal async Task<RunningService> StartAsync(Func<ServeOptions, ServeOptions>? change = null)
    {
        var options = new ServeOptions
        {
            Models = Models,
            Port = 0,
            Threads = 1,
            Limits = new ServiceLimits { RequestsPerMinute = 0, DrainSeconds = 0 },
        };
        return await RunningService.StartAsync(change?.Invoke(options) ?? options);
    }

    /// <summary>What <c>clinic translate</c> makes of a line.</summary>
    public string TranslationOf(string line)
    {
        lock (_lock)
        {
            return _translator.Translate([line])[0].Text;
        }
    }

    public async ValueTask InitializeAsync() => _service = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _translator.Dispose();
        _model.Dispose();
        _folder.Dispose();
    }
}
